extension EntryStore {
    /// Counts what a selector selects, without removing it.
    ///
    /// - Parameters:
    ///   - selector: which answers to count.
    ///   - exampleLimit: how many of the answers to describe.
    /// - Throws: ``CacheError`` with `storeUnavailable`.
    /// - Complexity: O(answers that the store's own conditions let through).
    public func preview(
        _ selector: InvalidationSelector,
        exampleLimit: Int = 10
    ) async throws -> InvalidationPreview {
        var preview = InvalidationPreview()
        try await forEachSelected(by: selector) { entries in
            for entry in entries {
                let questions = try await questions(of: entry.id)
                preview.entries += 1
                preview.questions += questions.count
                guard preview.examples.count < exampleLimit else { continue }
                let fitting = questions.first { selector.question?.matches($0.text) ?? true } ?? questions.first
                preview.examples.append(
                    .init(id: entry.id, namespace: entry.namespace, question: fitting?.text ?? "")
                )
            }
        }
        return preview
    }

    /// Removes what a selector selects, in batches, and returns the questions that are gone.
    ///
    /// Answers that are stored meanwhile may stay: bump the namespace's epoch where that matters.
    /// - Parameters:
    ///   - selector: which answers to remove.
    ///   - onBatch: called after each batch with its questions, to remove them from tiers and indexes at once.
    /// - Throws: ``CacheError`` with `storeUnavailable`; the batches before are gone, and a second call goes on.
    /// - Complexity: O(answers that the store's own conditions let through).
    @discardableResult
    public func removeAll(
        _ selector: InvalidationSelector,
        onBatch: (_ removed: [RemovedQuestion]) async throws -> Void = { _ in }
    ) async throws -> [RemovedQuestion] {
        var removed: [RemovedQuestion] = []
        try await forEachSelected(by: selector) { entries in
            let gone = try await remove(entries.map(\.id))
            removed += gone
            try await onBatch(gone)
        }
        return removed
    }

    /// Hands the selected answers over in pages, then what is known of conversations.
    private func forEachSelected(
        by selector: InvalidationSelector,
        _ body: (_ entries: [CacheEntry]) async throws -> Void
    ) async throws {
        guard !selector.isEmpty else { return }
        if let ids = selector.ids { return try await forEachSelected(among: ids, by: selector, body) }
        try await forEachPage(of: selector.storeFilter) { page in
            let answers = page.filter { selector.admits($0) && !$0.namespace.isConversationPart }
            try await handOver(answers, by: selector, to: body)
        }
        for namespace in try await conversations(of: selector) {
            guard !selector.hasQuestionCondition else { continue }
            try await forEachPage(of: selector.filter(for: namespace)) { page in
                let parts = page.filter(selector.admits)
                if !parts.isEmpty { try await body(parts) }
            }
        }
        for dependents in try await conversationSelectors(of: selector) {
            try await forEachPage(of: dependents.filter) { try await body($0) }
        }
    }

    /// What else goes with the parts of conversations that a selector selects by their questions.
    ///
    /// A summary is made of the one before it: what was asked in a conversation goes with all that is kept of it.
    func conversationSelectors(of selector: InvalidationSelector) async throws -> [InvalidationSelector] {
        guard selector.hasQuestionCondition, selector.ids == nil else { return [] }
        var selectors: [InvalidationSelector] = []
        for namespace in try await conversations(of: selector) {
            for tag in try await conversationTags(in: selector.filter(for: namespace), of: selector).sorted() {
                var dependents = InvalidationSelector(tag: tag)
                dependents.filter.namespace = namespace
                selectors.append(dependents)
            }
        }
        return selectors
    }

    /// The namespaces of prefixes and summaries that a selector may concern.
    private func conversations(of selector: InvalidationSelector) async throws -> [NamespaceID] {
        if let namespace = selector.filter.namespace {
            return [namespace.isConversationPart ? namespace : namespace.conversations]
        }
        let all = try await usageByNamespace().keys.filter { $0.isConversationPart && selector.concerns($0) }
        return all.sorted { $0.description < $1.description }
    }

    /// The tags of the conversations of which a part is selected by its questions.
    private func conversationTags(in filter: EntryFilter, of selector: InvalidationSelector) async throws -> Set<String>
    {
        var tags: Set<String> = []
        try await forEachPage(of: filter) { page in
            for entry in page.filter(selector.admits) {
                let own = entry.tags.filter { $0.hasPrefix(ConversationPart.tagPrefix) }
                guard !tags.isSuperset(of: own), selector.selects(try await questions(of: entry.id)) else { continue }
                tags.formUnion(own)
            }
        }
        return tags
    }

    private func forEachPage(
        of filter: EntryFilter,
        _ body: (_ page: [CacheEntry]) async throws -> Void
    ) async throws {
        var last: EntryID?
        while case let page = try await entries(matching: filter, after: last, limit: invalidationPage),
            let end = page.last
        {
            last = end.id
            try await body(page)
        }
    }

    private func forEachSelected(
        among ids: Set<EntryID>,
        by selector: InvalidationSelector,
        _ body: (_ entries: [CacheEntry]) async throws -> Void
    ) async throws {
        var found: [CacheEntry] = []
        for id in ids.sorted() {
            guard let entry = try await entry(id), selector.admits(entry),
                selector.filter(for: entry.namespace).matchesIgnoringQuestions(entry)
            else { continue }
            found.append(entry)
        }
        try await handOver(found, by: selector, to: body)
    }

    private func handOver(
        _ entries: [CacheEntry],
        by selector: InvalidationSelector,
        to body: (_ entries: [CacheEntry]) async throws -> Void
    ) async throws {
        var selected = entries
        if selector.hasQuestionCondition {
            selected = []
            for entry in entries where selector.selects(try await questions(of: entry.id)) { selected.append(entry) }
        }
        if !selected.isEmpty { try await body(selected) }
    }

    /// So many answers are read and removed at a time.
    ///
    /// A store looks at all that is left of a tag for each page, since answers do not lie in the order of their ids there, and
    /// at the rows whose tags are in no table yet (some milliseconds): more at a time is less of that. More than these would
    /// keep the store's writer for too long from those who store.
    private var invalidationPage: Int { 1024 }
}

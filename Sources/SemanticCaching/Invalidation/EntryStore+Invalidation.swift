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

    /// Hands the selected answers over in pages.
    private func forEachSelected(
        by selector: InvalidationSelector,
        _ body: (_ entries: [CacheEntry]) async throws -> Void
    ) async throws {
        guard !selector.isEmpty else { return }
        if let ids = selector.ids { return try await forEachSelected(among: ids, by: selector, body) }
        var filters = [selector.storeFilter]
        if let namespace = filters[0].namespace, !namespace.isConversationPart {
            // What is known of a namespace's conversations goes with its answers.
            filters.append(filters[0])
            filters[1].namespace = namespace.conversations
        }
        for filter in filters {
            var last: EntryID?
            while case let page = try await entries(matching: filter, after: last, limit: 256), let end = page.last {
                last = end.id
                try await handOver(page.filter(selector.admits), by: selector, to: body)
            }
        }
    }

    private func forEachSelected(
        among ids: Set<EntryID>,
        by selector: InvalidationSelector,
        _ body: (_ entries: [CacheEntry]) async throws -> Void
    ) async throws {
        var found: [CacheEntry] = []
        for id in ids.sorted() {
            guard let entry = try await entry(id), selector.admits(entry) else { continue }
            let asked = selector.filter.questionPrefix == nil ? [] : try await questions(of: id)
            if selector.filter.matches(entry, questions: asked) { found.append(entry) }
        }
        try await handOver(found, by: selector, to: body)
    }

    private func handOver(
        _ entries: [CacheEntry],
        by selector: InvalidationSelector,
        to body: (_ entries: [CacheEntry]) async throws -> Void
    ) async throws {
        var selected = entries
        if let pattern = selector.question {
            selected = []
            for entry in entries {
                let questions = try await questions(of: entry.id)
                if questions.contains(where: { pattern.matches($0.text) }) { selected.append(entry) }
            }
        }
        if !selected.isEmpty { try await body(selected) }
    }
}

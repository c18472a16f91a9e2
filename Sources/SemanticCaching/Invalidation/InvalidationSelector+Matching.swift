extension InvalidationSelector {
    /// Whether an answer with these questions is selected.
    ///
    /// - Complexity: O(tags + bytes of the compared questions).
    package func selects(_ entry: CacheEntry, questions: [CachedQuestion]) -> Bool {
        guard !isEmpty, admits(entry), filter(for: entry.namespace).matchesIgnoringQuestions(entry) else {
            return false
        }
        return !hasQuestionCondition || selects(questions)
    }

    /// Whether it takes a question to decide.
    var hasQuestionCondition: Bool { question != nil || filter.questionPrefix != nil }

    /// Whether one of the questions passes the conditions on them; a part of a conversation has several in one text.
    func selects(_ questions: [CachedQuestion]) -> Bool {
        func contains(_ passes: (Substring) -> Bool) -> Bool {
            questions.contains { question in
                question.text.split(separator: ConversationPart.questionSeparator, omittingEmptySubsequences: false)
                    .contains(where: passes)
            }
        }
        if let prefix = filter.questionPrefix, !contains({ $0.utf8.starts(with: prefix.utf8) }) { return false }
        guard let question else { return true }
        return contains { question.matches(String($0)) }
    }

    /// The conditions that do not ask for questions, for a namespace: what is known of the conversations of the one that is
    /// named goes with its answers.
    func filter(for namespace: NamespaceID) -> EntryFilter {
        var filter = filter
        filter.questionPrefix = nil
        if filter.namespace == namespace.conversationOwner { filter.namespace = namespace }
        return filter
    }

    /// Whether answers of a namespace may be selected.
    package func concerns(_ namespace: NamespaceID) -> Bool {
        let namespace = namespace.conversationOwner
        if let own = filter.namespace?.conversationOwner, own != namespace { return false }
        if let tenant, tenant != namespace.tenant { return false }
        return namespaces?.matches(namespace.name) ?? true
    }

    /// Whether nothing but ids decides.
    package var selectsByIDAlone: Bool {
        guard let ids else { return false }
        return self == InvalidationSelector(ids: ids)
    }
}

extension InvalidationSelector {
    /// Whether an answer with these questions is selected.
    ///
    /// - Complexity: O(tags + bytes of the compared questions).
    package func selects(_ entry: CacheEntry, questions: [CachedQuestion]) -> Bool {
        guard !isEmpty, admits(entry), filter.matches(entry, questions: questions) else { return false }
        guard let question else { return true }
        return questions.contains { question.matches($0.text) }
    }

    /// Whether answers of a namespace may be selected.
    package func concerns(_ namespace: NamespaceID) -> Bool {
        if let own = filter.namespace, own != namespace { return false }
        if let tenant, tenant != namespace.tenant { return false }
        return namespaces?.matches(namespace.name) ?? true
    }

    /// Whether nothing but ids decides.
    package var selectsByIDAlone: Bool {
        guard let ids else { return false }
        return self == InvalidationSelector(ids: ids)
    }
}

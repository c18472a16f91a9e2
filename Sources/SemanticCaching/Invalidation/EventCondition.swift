/// One condition of an ``EventRule``.
struct EventCondition: Hashable, Sendable {
    enum Field: String, CaseIterable {
        case tag
        case namespace
        case tenant
        case model
        case promptVersion = "prompt_version"
        case id
        case question
    }

    /// A part of the text: written in the rule, or taken from the event.
    enum Part: Hashable, Sendable {
        case literal(String)
        case value(String)
    }

    let field: Field
    /// How a question is compared; nil for other fields, which are compared as a whole.
    let kind: QuestionPattern.Kind?
    let parts: [Part]

    /// Checks what can be checked before an event comes.
    func check() throws(CacheError) {
        let names = parts.compactMap { if case .value(let name) = $0 { name } else { nil } }
        // A value of an event may be anything; a letter stands for it here.
        let samples = Dictionary(names.map { ($0, "a") }) { first, _ in first }
        guard let kind else {
            if field == .id, names.isEmpty, EntryID(text(samples, for: nil)) == nil {
                throw CacheError(.invalidConfiguration, "an event rule names an id that is none")
            }
            return
        }
        do {
            _ = try QuestionPattern(kind, text(samples, for: kind))
        } catch {
            throw CacheError(
                .invalidConfiguration,
                "the pattern of an event rule is not accepted: \(error)",
                cause: error
            )
        }
    }

    /// Adds the condition, with the event's values in it, to a selector.
    func apply(_ values: [String: String], to selector: inout InvalidationSelector) throws(CacheError) {
        for part in parts {
            guard case .value(let name) = part, values[name, default: ""].isEmpty else { continue }
            throw CacheError(.invalidRequest, "the event lacks the value '\(name)' that a rule needs")
        }
        if field == .namespace { try refuseWildcards(in: values) }
        let text = text(values, for: kind)
        switch field {
        case .tag: selector.filter.tag = text
        case .namespace: selector.namespaces = NamespacePattern(text)
        case .tenant: selector.tenant = text
        case .model: selector.filter.model = text
        case .promptVersion: selector.filter.promptVersion = text
        case .id:
            guard let id = EntryID(text) else {
                throw CacheError(.invalidRequest, "the event names an id that is none")
            }
            selector.ids = [id]
        case .question:
            do {
                selector.question = try QuestionPattern(kind ?? .prefix, text)
            } catch {
                throw CacheError(.invalidRequest, "the event's value makes too long a pattern", cause: error)
            }
        }
    }

    /// A pattern of namespaces has no way to write a wildcard that is meant as a character: a value that has one would select
    /// more than itself.
    private func refuseWildcards(in values: [String: String]) throws(CacheError) {
        for case .value(let name) in parts where values[name]?.contains(where: { $0 == "*" || $0 == "?" }) == true {
            throw CacheError(.invalidRequest, "the event's value '\(name)' has a wildcard, and stands in a namespace")
        }
    }

    private func text(_ values: [String: String], for kind: QuestionPattern.Kind?) -> String {
        parts.reduce(into: "") { text, part in
            switch part {
            case .literal(let literal): text += literal
            case .value(let name):
                let value = values[name] ?? ""
                text += kind.map { QuestionPattern.quoting(value, for: $0) } ?? value
            }
        }
    }
}

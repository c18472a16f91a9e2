/// What the configuration knows of answers that do not stay right for ever.
///
///     var rules = InvalidationRules()
///     rules.events = [try EventRule(on: "product_updated", where: #"tag == "product:{id}""#)]
public struct InvalidationRules: Hashable, Sendable {
    /// How long answers to questions of a kind stay fresh; where several fit, the shortest time counts.
    public var times: [TimeRule]
    /// Which answers events make wrong.
    public var events: [EventRule]

    /// Creates rules.
    public init(times: [TimeRule] = [], events: [EventRule] = []) {
        self.times = times
        self.events = events
    }

    /// How long the answer to a question stays fresh; nil if no rule is for it.
    ///
    /// - Complexity: O(rules · question).
    public func timeToLive(of question: String, in namespace: NamespaceID) -> Duration? {
        times.lazy.filter { $0.applies(to: question, in: namespace) }.map(\.timeToLive).min()
    }

    /// What an event makes wrong, one selector for each rule that is for it; none if nobody expected the event.
    ///
    /// - Throws: ``CacheError`` with `invalidRequest` if the event lacks a value that a rule needs.
    public func selectors(for event: CacheEvent) throws(CacheError) -> [InvalidationSelector] {
        var selectors: [InvalidationSelector] = []
        for rule in events {
            if let selector = try rule.selector(for: event) { selectors.append(selector) }
        }
        return selectors
    }
}

/// Which answers an event makes wrong: `on: product_updated, where: tag == "product:{id}"`.
///
///     let rule = try EventRule(on: "product_updated", where: #"tag == "product:{id}""#)
///     try rule.selector(for: CacheEvent("product_updated", ["id": "42"]))  // the tag product:42
///
/// A condition compares one of the fields below with a text in quotes; several are joined by `and`, and all must hold:
///
///     tag == "…"     namespace == "faq/*"   tenant == "…"   model == "…"   prompt_version == "…"   id == "…"
///     question starts_with "…"     question like "*glob?*"     question matches "regular expression"
///
/// `{name}` in the text stands for that value of the event, and only for itself: it brings no wildcards of its own. In the name
/// of a namespace, where they cannot be written as characters, a value with `*` or `?` is refused.
public struct EventRule: Hashable, Sendable {
    /// The name of the events that the rule is for.
    public let event: String
    /// The conditions as they were written.
    public let text: String
    private let conditions: [EventCondition]

    /// Reads a rule.
    ///
    /// - Throws: ``CacheError`` with `invalidConfiguration` that says what is wrong with the conditions.
    public init(on event: String, where text: String) throws(CacheError) {
        self.event = event
        self.text = text
        var parser = EventConditionParser(text)
        conditions = try parser.parse()
        // A wrong pattern is the configuration's fault: it should be told now and not when the event comes.
        for condition in conditions { try condition.check() }
    }

    /// What the event makes wrong; nil if the rule is for other events.
    ///
    /// - Throws: ``CacheError`` with `invalidRequest` if the event lacks a value that the rule needs, or has one with a wildcard for
    ///   the name of a namespace.
    public func selector(for event: CacheEvent) throws(CacheError) -> InvalidationSelector? {
        guard event.name == self.event else { return nil }
        var selector = InvalidationSelector()
        for condition in conditions { try condition.apply(event.values, to: &selector) }
        return selector
    }
}

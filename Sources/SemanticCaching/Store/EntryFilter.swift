/// Which answers to list, count, export or invalidate; every condition that is set must hold.
///
///     var filter = EntryFilter(namespace: NamespaceID(name: "faq"))
///     filter.tag = "doc:42"
public struct EntryFilter: Hashable, Sendable {
    /// Only answers of this namespace.
    public var namespace: NamespaceID?
    /// Only answers with this tag.
    public var tag: String?
    /// Only answers of this language model.
    public var model: String?
    /// Only answers of this prompt version.
    public var promptVersion: String?
    /// Only answers created before this time.
    public var createdBefore: Timestamp?
    /// Only answers that were not fresh any more at this time.
    public var expiredAt: Timestamp?
    /// Only answers of an epoch before this one.
    public var epochBefore: UInt64?
    /// Only answers of which a question starts with this text.
    public var questionPrefix: String?

    /// Creates a filter that every answer passes.
    public init(namespace: NamespaceID? = nil) { self.namespace = namespace }
}

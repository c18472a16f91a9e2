/// Which answers to remove; every condition that is set must hold.
///
///     InvalidationSelector(tag: "doc:42")
///     InvalidationSelector(question: try QuestionPattern(glob: "*opening hours*"))
///
/// A selector without conditions selects nothing: to empty a cache, name its namespace.
public struct InvalidationSelector: Hashable, Sendable {
    /// Only these answers.
    public var ids: Set<EntryID>?
    /// Only answers that the conditions on tag, namespace, model, prompt version, age and epoch let through.
    public var filter = EntryFilter()
    /// Only answers of this tenant; settled already if the filter names a namespace.
    public var tenant: String?
    /// Only answers of namespaces whose name fits.
    public var namespaces: NamespacePattern?
    /// Only answers of which a question fits.
    public var question: QuestionPattern?

    /// Creates a selector without conditions.
    public init() {}

    /// Selects answers by their ids.
    public init(ids: some Sequence<EntryID>) { self.ids = Set(ids) }

    /// Selects the answers with a tag, such as those that were made from a document.
    public init(tag: String) { filter.tag = tag }

    /// Selects the answers of a namespace.
    public init(namespace: NamespaceID) { filter.namespace = namespace }

    /// Selects the answers of a language model.
    public init(model: String) { filter.model = model }

    /// Selects the answers of a prompt version.
    public init(promptVersion: String) { filter.promptVersion = promptVersion }

    /// Selects the answers that were created before a time.
    public init(createdBefore time: Timestamp) { filter.createdBefore = time }

    /// Selects the answers of which a question fits.
    public init(question: QuestionPattern) { self.question = question }

    /// Whether there is no condition, so that nothing is selected.
    public var isEmpty: Bool { self == InvalidationSelector() }

    /// The filter for the store, which knows beginnings of questions but no patterns.
    var storeFilter: EntryFilter {
        var filter = filter
        if let prefix = question?.literalPrefix, !prefix.isEmpty, filter.questionPrefix == nil {
            filter.questionPrefix = prefix
        }
        return filter
    }

    /// Whether an answer passes the conditions that can be decided without its questions and that no store knows.
    func admits(_ entry: CacheEntry) -> Bool {
        if let ids, !ids.contains(entry.id) { return false }
        if let tenant, entry.namespace.tenant != tenant { return false }
        if let namespaces, !namespaces.matches(entry.namespace.conversationOwner.name) { return false }
        return true
    }
}

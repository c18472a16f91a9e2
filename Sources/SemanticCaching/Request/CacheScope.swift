/// The boundary that no answer crosses: whose it is, what it is about, and which model and prompt it came from.
///
///     let scope = CacheScope(namespace: "faq", model: "gpt-4o-mini")
///
/// The engine adds to it what it sees itself: the fingerprint of system prompt, tools and parameters, and the
/// embedding model with its dimension. Requests that differ in any of these share nothing.
public struct CacheScope: Hashable, Sendable {
    /// Tenant and name of the namespace.
    public var namespace: NamespaceID
    /// The language model that answers.
    public var model: String
    /// The version of the prompts around the question; raise it to leave older answers behind.
    public var promptVersion: String

    /// Creates a scope.
    public init(tenant: String = "", namespace: String = "default", model: String, promptVersion: String = "") {
        self.namespace = NamespaceID(tenant: tenant, name: namespace)
        self.model = model
        self.promptVersion = promptVersion
    }
}

/// Something that happened outside of the cache and makes answers wrong, such as a product whose price changed.
///
///     try await cache.handle(CacheEvent("product_updated", ["id": "42"]))
public struct CacheEvent: Hashable, Sendable {
    /// What happened.
    public var name: String
    /// Its details, by name, for the `{name}`s of event rules.
    public var values: [String: String]

    /// Creates an event.
    public init(_ name: String, _ values: [String: String] = [:]) {
        self.name = name
        self.values = values
    }
}

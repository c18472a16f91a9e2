internal import Synchronization

extension SemanticCache {
    /// Takes over the settings of namespaces and the rules of another configuration, from now on.
    ///
    ///     var configuration = cache.configuration
    ///     configuration.rules.append(NamespaceRule("faq/*") { $0.threshold = 0.85 })
    ///     try cache.reconfigure(configuration)
    ///
    /// Each namespace in use gets the settings that it would have started with, in place of what
    /// ``updateSettings(of:_:)`` changed. What a namespace or the cache is built around stays as it is: the kind of
    /// index, the eviction, sharing between tenants and learning of namespaces in use; the exact tier, the embedding and the
    /// limits on the whole.
    ///
    /// - Throws: ``CacheError`` with `invalidConfiguration`; everything is then as it was.
    /// - Complexity: O(*n* · *r*) for *n* namespaces in use and *r* rules.
    public func reconfigure(_ configuration: CacheConfiguration) throws(CacheError) {
        try configuration.validate()
        let merged = currentConfiguration.withLock { current in
            current.namespaces = configuration.namespaces
            current.rules = configuration.rules
            current.invalidation = configuration.invalidation
            return current
        }
        namespaces.reconfigure(merged)
    }
}

// For those who store answers without opening a cache: where it will look for them, and under which keys.
extension CacheConfiguration {
    /// Where the answers of a namespace lie: itself, or the one that tenants share.
    package func home(of id: NamespaceID) -> NamespaceID {
        settings(for: id).isShared ? NamespaceID(tenant: NamespaceTable.sharedTenant, name: id.name) : id
    }

    /// The keys of a request in the namespace where its answer lies, as that namespace's settings for conversations say.
    package func key(of request: CacheRequest) -> RequestKey {
        let id = request.scope.namespace
        return RequestKey(request, in: home(of: id), settings: settings(for: id).conversation)
    }
}

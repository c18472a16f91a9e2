internal import Synchronization

/// Bounds what one tenant may add: answers in a minute, and namespaces.
final class TenantQuota: Sendable {
    private struct Account {
        var minute: Int64 = 0
        var storesInMinute = 0
        var namespaces: Set<String> = []
    }

    private let accounts = Mutex<[String: Account]>([:])

    /// Tenants beyond this number are accounted together: their number must not be a way to fill the memory.
    private static let maximumAccounts = 65_536

    /// Whether a tenant may store one more answer now; counts it if so.
    ///
    /// - Parameter seconds: The time since some fixed moment.
    func admitStore(by tenant: String, at seconds: Int64, _ limits: ServerConfiguration.Limits) -> Bool {
        guard let maximumStoresPerMinute = limits.maximumStoresPerMinute else { return true }
        return change(tenant) { account in
            if account.minute != seconds / 60 {
                account.minute = seconds / 60
                account.storesInMinute = 0
            }
            guard account.storesInMinute < maximumStoresPerMinute else { return false }
            account.storesInMinute += 1
            return true
        }
    }

    /// Whether a tenant may use a namespace of that name.
    func admitNamespace(_ name: String, of tenant: String, _ limits: ServerConfiguration.Limits) -> Bool {
        let maximumNamespaces = limits.maximumNamespacesPerTenant
        return change(tenant) { account in
            if account.namespaces.contains(name) { return true }
            guard account.namespaces.count < maximumNamespaces else { return false }
            account.namespaces.insert(name)
            return true
        }
    }

    private func change(_ tenant: String, _ body: (inout Account) -> Bool) -> Bool {
        accounts.withLock { accounts in
            let name = accounts[tenant] == nil && accounts.count >= Self.maximumAccounts ? "" : tenant
            return body(&accounts[name, default: Account()])
        }
    }
}

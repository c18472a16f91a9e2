internal import Synchronization

/// Bounds what one tenant may add, answers in a minute and namespaces, and the namespaces of all tenants together.
///
/// The engine keeps what it knows of a namespace until the process ends, and without a list of accepted keys each key
/// that a caller makes up is a tenant of its own: their number must not be a way to fill the memory.
final class TenantQuota: Sendable {
    private struct Account {
        var minute: Int64 = 0
        var storesInMinute = 0
        var namespaces: Set<String> = []
    }

    private struct State {
        var accounts: [String: Account] = [:]
        var namespaceCount = 0
    }

    /// The most namespaces of all tenants together: about a hundred megabytes of what the engine keeps of them.
    static let maximumNamespaces = 65_536

    private let state = Mutex(State())
    private let maximumNamespaces: Int

    /// Creates accounts of nobody.
    init(maximumNamespaces: Int = TenantQuota.maximumNamespaces) {
        self.maximumNamespaces = maximumNamespaces
    }

    /// The number of namespaces that tenants use.
    var namespaceCount: Int { state.withLock { $0.namespaceCount } }

    /// Whether a tenant may store one more answer now; counts it if so.
    ///
    /// - Parameter seconds: The time since some fixed moment.
    func admitStore(by tenant: String, at seconds: Int64, _ limits: ServerConfiguration.Limits) -> Bool {
        guard let maximumStoresPerMinute = limits.maximumStoresPerMinute else { return true }
        return state.withLock { state in
            // Only who may use a namespace comes so far: there are no more accounts than namespaces.
            guard var account = state.accounts[tenant] else { return false }
            if account.minute != seconds / 60 {
                account.minute = seconds / 60
                account.storesInMinute = 0
            }
            guard account.storesInMinute < maximumStoresPerMinute else { return false }
            account.storesInMinute += 1
            state.accounts[tenant] = account
            return true
        }
    }

    /// Whether a tenant may use a namespace of that name; what was admitted once is admitted until the process ends.
    func admitNamespace(_ name: String, of tenant: String, _ limits: ServerConfiguration.Limits) -> Bool {
        state.withLock { state in
            if let account = state.accounts[tenant] {
                if account.namespaces.contains(name) { return true }
                guard account.namespaces.count < limits.maximumNamespacesPerTenant else { return false }
            }
            guard state.namespaceCount < maximumNamespaces else { return false }
            state.namespaceCount += 1
            state.accounts[tenant, default: Account()].namespaces.insert(name)
            return true
        }
    }
}

internal import Synchronization

/// The configuration that requests are answered by, replaced as a whole while they are.
final class LiveConfiguration: Sendable {
    /// One version of it, with what is made from it.
    final class Version: Sendable {
        let configuration: ServerConfiguration
        let tenants: TenantTable
        let passThrough: PassThroughRule

        init(_ configuration: ServerConfiguration) {
            self.configuration = configuration
            tenants = TenantTable(configuration.callers)
            passThrough = PassThroughRule(configuration)
        }
    }

    private let version: Mutex<Version>

    init(_ configuration: ServerConfiguration) {
        version = Mutex(Version(configuration))
    }

    /// The present version; a request that needs several of its parts takes it once.
    var current: Version { version.withLock { $0 } }

    func replace(with configuration: ServerConfiguration) {
        let next = Version(configuration)
        version.withLock { $0 = next }
    }
}

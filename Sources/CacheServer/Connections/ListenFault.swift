internal import NIOCore
internal import ServiceLifecycle

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// The server cannot listen where it should, mostly because another program does.
public struct ListenFault: Error, CustomStringConvertible {
    /// Where, and why not.
    public let description: String
}

/// A service that listens, and says where if it cannot.
struct Listener<Base: Service>: Service {
    let base: Base
    /// The address and the port.
    let address: String

    func run() async throws {
        do {
            try await base.run()
        } catch let error as IOError {
            let reason = String(cString: strerror(error.errnoCode))
            throw ListenFault(description: "cannot listen on \(address): \(reason)")
        }
    }
}

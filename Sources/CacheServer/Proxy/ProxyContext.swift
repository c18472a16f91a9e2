internal import Hummingbird
internal import NIOCore

/// What the server below knows of a request: also its connection, so that one that is too slow can be given up.
struct ProxyContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// The connection that the request came on.
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
    }
}

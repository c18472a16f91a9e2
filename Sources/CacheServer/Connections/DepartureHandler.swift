internal import NIOCore
internal import NIOHTTPTypes

/// Notices that the caller of a connection goes, while nobody reads from it or writes to it.
///
/// Without it, one who waits for the upstream learns of that with the first byte that he writes. A caller who closes his
/// side of the connection has gone: whether he would still read is not to be seen from here, and clients of HTTP that
/// want an answer do not close it.
final class DepartureHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPRequestPart

    let departure = Departure()

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .inputClosed? = event as? ChannelEvent { departure.come() }
        context.fireUserInboundEventTriggered(event)
    }

    /// Comes with the connection's end; the news that it is inactive do not pass Hummingbird's handler.
    func handlerRemoved(context: ChannelHandlerContext) { departure.come() }
}

extension RequestRecord {
    /// Tells when the caller goes; nil where that cannot be seen.
    var departure: Departure? {
        guard let channel, channel.eventLoop.inEventLoop else { return nil }
        return try? channel.pipeline.syncOperations.handler(type: DepartureHandler.self).departure
    }
}

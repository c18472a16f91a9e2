internal import Embeddings
internal import NIOCore
internal import NIOHTTPTypes

/// Closes the connection of a caller who does not read what is written to him.
///
///     full ─► alarm ─► does as much wait as at the last look? ── yes ─► close
///       ▲               │ no
///       └───────────────┘
///
/// Whoever writes waits while the connection takes no more. Who asks for a long answer and reads none of it would hold
/// that writer, and his place among the requests at once, for ever. A caller who reads slowly is none of them, as long
/// as some of it goes between two looks; what the kernel has taken counts as read.
///
/// An alarm is set only while the connection is full, which those who read never notice: answering them costs nothing.
final class WriteDeadline: ChannelInboundHandler {
    typealias InboundIn = HTTPRequestPart

    /// Asks the handler to look how far the caller has read.
    struct Look {
        /// The alarm that it comes from: one that was taken back may have gone off already.
        let number: Int
    }

    private let limit: Duration
    private let wheel: DeadlineWheel
    private var alarm: DeadlineWheel.Alarm?
    /// The number of the last alarm.
    private var number = 0
    /// The bytes that waited at the last look.
    private var waitingBytes: Int?

    /// - Parameter limit: How long nothing may go while something waits.
    init(limit: Duration, wheel: DeadlineWheel = .shared) {
        self.limit = limit
        self.wheel = wheel
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { rest() } else if alarm == nil { look(context) }
        context.fireChannelWritabilityChanged()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard let look = event as? Look else { return context.fireUserInboundEventTriggered(event) }
        guard look.number == number, alarm != nil else { return }
        // More than before is no sign of a stall: the writer was let go on.
        guard Self.waitingBytes(context) == waitingBytes else { return self.look(context) }
        rest()
        context.close(promise: nil)
    }

    /// Comes with the connection's end; the news that it is inactive do not pass Hummingbird's handler.
    func handlerRemoved(context: ChannelHandlerContext) { rest() }

    /// Notes how much waits, and sets the alarm for the next look.
    private func look(_ context: ChannelHandlerContext) {
        waitingBytes = Self.waitingBytes(context)
        number += 1
        alarm?.cancel()
        alarm = wheel.add(after: limit) { [channel = context.channel, number] in
            channel.pipeline.fireUserInboundEventTriggered(Look(number: number))
        }
    }

    private func rest() {
        alarm?.cancel()
        alarm = nil
    }

    private static func waitingBytes(_ context: ChannelHandlerContext) -> Int? {
        try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)
    }
}

internal import HTTPTypes
internal import NIOCore
internal import NIOHTTPTypes

/// Answers a request where its bytes are read, if nothing has to be waited for; every other request goes on.
///
///     socket ─► HTTP/1 ─► idle time ─► InlineHits ── no hit ──► async channel ─► ProxyResponder
///        ▲                                 │ hit
///        └──────────────── answer ◄────────┘
///
/// The way to a task and back costs several times what a lookup in memory does. A request is answered here only if all of
/// it is at hand: what is still arriving when the read ends goes on, where the limits of time are kept. So does a request
/// behind one that is under way, as answers keep the order of requests, and one whose caller does not read: there the
/// writing waits for him.
final class InlineHits: ChannelDuplexHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// What a look at a request came to.
    enum Finding {
        /// The answer is at hand.
        case answer(WholeAnswer)
        /// It is not; the look left no trace but what it read of the request.
        case nothing(ReadAhead?)
    }

    /// Looks for the answer to a request.
    typealias Lookup = @Sendable (HTTPRequest, ByteBuffer) -> Finding

    /// Longer bodies are not read on the thread that serves other connections too.
    static let maximumBodyBytes = 64 << 10

    private struct Request {
        let head: HTTPRequest
        var body = ByteBuffer()
    }

    private let lookup: Lookup
    /// The request that is being read.
    private var held: Request?
    /// The requests that went on and are not answered yet.
    private var underWay = 0
    /// What was read of the latest request, for whoever answers it.
    private var readAhead: ReadAhead?
    private var hasWritten = false
    private var date = HTTPDate()

    init(_ lookup: @escaping Lookup) {
        self.lookup = lookup
    }

    // MARK: - Requests

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            readAhead = nil
            guard underWay == 0, context.channel.isWritable, Self.mayHold(head) else {
                underWay += 1
                return context.fireChannelRead(data)
            }
            held = Request(head: head)
        case .body(var piece):
            guard held != nil else { return context.fireChannelRead(data) }
            // Most bodies come in one piece, which is kept as it is.
            if held?.body.readableBytes == 0 { held?.body = piece } else { held?.body.writeBuffer(&piece) }
        case .end:
            guard let request = held else { return context.fireChannelRead(data) }
            switch lookup(request.head, request.body) {
            case .answer(let answer):
                held = nil
                write(answer, context)
            case .nothing(let read):
                readAhead = read
                letGo(context)
                context.fireChannelRead(data)
            }
        }
    }

    /// Gives what was read of the request that is to be answered now, once; nil if that is not the latest one.
    ///
    /// A request is looked at only when every one before it is answered, and the next one's head takes back what was read
    /// of this. So it can be of no other request of the connection.
    func takeReadAhead() -> ReadAhead? {
        defer { readAhead = nil }
        return underWay == 1 ? readAhead : nil
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        letGo(context)
        if hasWritten {
            hasWritten = false
            context.flush()
        }
        context.fireChannelReadComplete()
    }

    func channelInactive(context: ChannelHandlerContext) {
        letGo(context)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        letGo(context)
        context.fireErrorCaught(error)
    }

    /// Sends on what is held.
    private func letGo(_ context: ChannelHandlerContext) {
        guard let request = held else { return }
        held = nil
        underWay += 1
        context.fireChannelRead(wrapInboundOut(.head(request.head)))
        if request.body.readableBytes > 0 { context.fireChannelRead(wrapInboundOut(.body(request.body))) }
    }

    /// Whether it may be a request for an answer, of a known and small size, on a connection that stays.
    private static func mayHold(_ head: HTTPRequest) -> Bool {
        guard head.method == .post, let path = head.path, path.utf8.starts(with: "/v1/".utf8) else { return false }
        var isSmall = false
        for field in head.headerFields {
            switch field.name {
            case .contentLength: isSmall = Int(field.value).map { $0 <= maximumBodyBytes } ?? false
            case .connection: guard field.value.lowercased() == "keep-alive" else { return false }
            case .expect: return false
            default: continue
            }
        }
        return isSmall
    }

    // MARK: - Answers

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data) { underWay = max(0, underWay - 1) }
        context.write(data, promise: promise)
    }

    private func write(_ answer: WholeAnswer, _ context: ChannelHandlerContext) {
        var fields = answer.headers
        fields.append(HTTPField(name: .contentLength, value: String(answer.body.readableBytes)))
        fields.append(HTTPField(name: .date, value: date.now))
        let head = HTTPResponse(status: answer.status, headerFields: HTTPFields(fields))
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(answer.body)), promise: nil)
        context.write(wrapOutboundOut(.end(nil)), promise: nil)
        hasWritten = true
    }
}

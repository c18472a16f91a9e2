internal import CHiredis
internal import Glibc

/// A connected socket with the parser of its replies: the only place that touches hiredis.
///
/// Not safe for concurrent use: the connection keeps it behind its lock. It may move between threads all the same, because
/// it cannot be copied and nobody else has the pointers in it.
struct RedisLink: ~Copyable, @unchecked Sendable {
    /// One reply, and every header in it, may make the process hold this much; more is no reply of ours.
    private static let maximumReplyBytes = 256 << 20
    private static let maximumElements: Int64 = 1 << 20
    private static let readSize = 64 << 10

    private let context: UnsafeMutablePointer<redisContext>
    private var output: [UInt8] = []
    private var sent = 0
    private var bytesSinceReply = 0
    private var endReason: String?
    private let input: UnsafeMutableRawPointer
    /// What bytes pass through on their way to the socket and from it; nil for a connection in the clear.
    private var tls: TLSSession?

    /// Connects, or gives up at the deadline.
    init(to endpoint: RedisEndpoint, deadline: Int64) throws(RedisError) {
        let made =
            switch endpoint {
            case .tcp(let host, let port): redisConnectNonBlock(host, Int32(port))
            case .unix(let path): redisConnectUnixNonBlock(path)
            }
        guard let made else { throw .unavailable("out of memory") }
        do throws(RedisError) {
            try Self.finishConnecting(made, endpoint, deadline: deadline)
        } catch {
            redisFree(made)
            throw error
        }
        context = made
        semcache_redis_limit_elements(made.pointee.reader, Self.maximumElements)
        input = .allocate(byteCount: Self.readSize, alignment: 16)
    }

    deinit {
        redisFree(context)
        input.deallocate()
    }

    /// The socket, to be polled.
    var descriptor: Int32 { context.pointee.fd }

    /// Whether bytes wait to be sent.
    var hasOutput: Bool { sent < output.count }

    /// The number of bytes that wait to be sent.
    var outputCount: Int { output.count - sent }

    private static func finishConnecting(
        _ context: UnsafeMutablePointer<redisContext>,
        _ endpoint: RedisEndpoint,
        deadline: Int64
    ) throws(RedisError) {
        guard context.pointee.err == 0 else { throw .unavailable("\(endpoint): \(text(of: context.pointee.errstr))") }
        let descriptor = context.pointee.fd
        var polled = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        let wait = max(0, (deadline - MonotonicTime.now) / 1_000_000)
        guard poll(&polled, 1, Int32(clamping: wait)) > 0 else {
            throw .unavailable("\(endpoint): no connection in time")
        }
        var code: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        guard getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &size) == 0, code == 0 else {
            throw .unavailable("\(endpoint): \(String(cString: strerror(code == 0 ? errno : code)))")
        }
        guard case .tcp = endpoint else { return }
        var on: Int32 = 1
        // Small commands must not wait for the acknowledgement of the ones before.
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_KEEPALIVE, &on, socklen_t(MemoryLayout<Int32>.size))
    }

    /// Lets everything from here on pass through TLS: shakes hands, on this thread.
    mutating func secure(
        _ options: TLSOptions,
        for endpoint: RedisEndpoint,
        deadline: Int64
    ) throws(RedisError) {
        guard case .tcp(let host, _) = endpoint else { throw .unavailable("\(endpoint): TLS is for hosts only") }
        guard let library = TLSLibrary.shared else { throw .unavailable(TLSLibrary.absence) }
        let session = try TLSSession.prepared(options, host: host, library: library)
        do throws(RedisError) {
            while true {
                let isComplete = try session.shakeHands(into: &output)
                try flush()
                if isComplete && !hasOutput { break }
                try waitForSocket(until: deadline)
                if isComplete { continue }
                let count = read(descriptor, input, Self.readSize)
                if count > 0 {
                    session.take(UnsafeRawBufferPointer(start: input, count: count))
                } else if count == 0 {
                    throw .unavailable("the server closed the connection")
                } else if errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR {
                    throw .unavailable(String(cString: strerror(errno)))
                }
            }
        } catch {
            throw .unavailable("\(endpoint): \(error.reason)")
        }
        tls = consume session
    }

    private static func text<Buffer>(of buffer: Buffer) -> String {
        withUnsafeBytes(of: buffer) { bytes in String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self) }
    }

    // MARK: - Sending

    /// Takes in the bytes of a command.
    mutating func append(_ bytes: [UInt8]) throws(RedisError) {
        if tls == nil { output.append(contentsOf: bytes) } else { try tls?.encrypt(bytes, into: &output) }
    }

    /// Sends what the socket takes without waiting.
    mutating func flush() throws(RedisError) {
        while sent < output.count {
            let count = output.withUnsafeBytes { bytes in
                send(descriptor, bytes.baseAddress?.advanced(by: sent), bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            if count > 0 {
                sent += count
            } else if errno == EAGAIN || errno == EWOULDBLOCK {
                break
            } else if errno != EINTR {
                throw .unavailable("the connection broke: \(String(cString: strerror(errno)))")
            }
        }
        if sent == output.count {
            output.removeAll(keepingCapacity: output.capacity <= 1 << 20)
            sent = 0
        }
    }

    // MARK: - Receiving

    /// Whether something has come that was not received yet, be it the end of the connection.
    var hasInput: Bool {
        var byte: UInt8 = 0
        return recv(descriptor, &byte, 1, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT)) >= 0
    }

    /// Reads what has come, without waiting; true if there may be more.
    mutating func receive() throws(RedisError) -> Bool {
        while true {
            let count = read(descriptor, input, Self.readSize)
            if count > 0 {
                bytesSinceReply += count
                guard bytesSinceReply <= Self.maximumReplyBytes else {
                    throw .unavailable(
                        "the connection was closed: a reply has more than \(Self.maximumReplyBytes) bytes"
                    )
                }
                try parse(UnsafeRawBufferPointer(start: input, count: count))
                return count == Self.readSize
            }
            if count == 0 { throw .unavailable(endReason ?? "the server closed the connection") }
            if errno == EAGAIN || errno == EWOULDBLOCK { return false }
            guard errno == EINTR else {
                throw .unavailable("the connection broke: \(String(cString: strerror(errno)))")
            }
        }
    }

    /// Gives the parser what came from the socket.
    private mutating func parse(_ bytes: UnsafeRawBufferPointer) throws(RedisError) {
        let reader: UnsafeMutablePointer<redisReader> = context.pointee.reader
        func feed(_ plain: UnsafeRawBufferPointer) throws(RedisError) {
            guard
                redisReaderFeed(reader, plain.baseAddress?.assumingMemoryBound(to: CChar.self), plain.count) == REDIS_OK
            else { throw Self.parserFailure(reader) }
        }
        if tls == nil { try feed(bytes) } else { try tls?.decrypt(bytes, into: &output, feed) }
    }

    /// The next reply that has come completely; nil if there is none.
    mutating func nextReply() throws(RedisError) -> RedisValue? {
        var reply: UnsafeMutableRawPointer?
        guard redisReaderGetReply(context.pointee.reader, &reply) == REDIS_OK else {
            throw Self.parserFailure(context.pointee.reader)
        }
        guard let reply else { return nil }
        bytesSinceReply = 0
        defer { freeReplyObject(reply) }
        return RedisValue(reply.assumingMemoryBound(to: redisReply.self).pointee)
    }

    /// Ends the connection from this side; the next ``receive()`` says why.
    mutating func end(because reason: String) {
        endReason = reason
        shutdown(descriptor, Int32(SHUT_RDWR))
    }

    private static func parserFailure(_ reader: UnsafeMutablePointer<redisReader>) -> RedisError {
        let text = withUnsafeBytes(of: reader.pointee.errstr) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        return .unavailable("the connection was closed: what came is no Redis protocol (\(text))")
    }

    // MARK: - Waiting, for the beginning of a connection only

    /// Sends commands and waits for the reply to each, on this thread.
    mutating func exchange(_ commands: [RedisCommand], deadline: Int64) throws(RedisError) -> [RedisValue] {
        for command in commands { try append(command.bytes) }
        var replies: [RedisValue] = []
        while true {
            try flush()
            while replies.count < commands.count, let reply = try nextReply() { replies.append(reply) }
            if replies.count == commands.count { return replies }
            try waitForSocket(until: deadline)
            _ = try receive()
        }
    }

    /// Waits until there is something to receive, or to send what waits for that.
    private func waitForSocket(until deadline: Int64) throws(RedisError) {
        while true {
            let wait = deadline - MonotonicTime.now
            guard wait > 0 else { throw .timeout }
            var polled = pollfd(fd: descriptor, events: Int16(POLLIN) | (hasOutput ? Int16(POLLOUT) : 0), revents: 0)
            if poll(&polled, 1, Int32(clamping: wait / 1_000_000 + 1)) > 0 { return }
        }
    }
}

extension RedisValue {
    /// Copies a reply out of hiredis.
    fileprivate init(_ reply: redisReply) {
        func bytes() -> [UInt8] {
            guard let start = reply.str else { return [] }
            return Array(UnsafeRawBufferPointer(start: start, count: reply.len))
        }
        switch reply.type {
        case REDIS_REPLY_STRING: self = .bytes(bytes())
        case REDIS_REPLY_INTEGER: self = .integer(reply.integer)
        case REDIS_REPLY_STATUS: self = .status(String(decoding: bytes(), as: UTF8.self))
        case REDIS_REPLY_ERROR: self = .error(String(decoding: bytes(), as: UTF8.self))
        case REDIS_REPLY_ARRAY:
            let elements = UnsafeBufferPointer(start: reply.element, count: reply.elements)
            self = .array(elements.map { $0.map { RedisValue($0.pointee) } ?? .null })
        default: self = .null
        }
    }
}

/// Reads events from bytes that arrive in pieces cut anywhere.
///
///     var parser = ServerSentEventParser()
///     for try await piece in body { events += try parser.feed(piece) }
///
/// Lines end in LF, CR or CRLF; a byte-order mark at the very start is skipped; comments, `id` and `retry` are read
/// over; an event that the stream's end cuts off is never delivered, as the standard demands. A pure value: the same
/// bytes give the same events however they are cut.
package struct ServerSentEventParser: Sendable {
    /// The most bytes of one line.
    package let maximumLineBytes: Int

    /// The most bytes of one event's data.
    package let maximumEventBytes: Int

    private var line: [UInt8] = []
    private var type: String?
    private var data: String = ""
    private var hasData = false
    private var lastWasCarriageReturn = false
    private var isAtStart = true

    /// Creates a parser at the start of a stream.
    package init(maximumLineBytes: Int = 1 << 20, maximumEventBytes: Int = 8 << 20) {
        self.maximumLineBytes = maximumLineBytes
        self.maximumEventBytes = maximumEventBytes
    }

    /// Takes the next bytes and returns the events that they complete.
    ///
    /// - Complexity: O(*n*) for *n* bytes, amortised.
    /// - Throws: ``ServerSentEventError``; the parser must not be fed again after that.
    package mutating func feed(_ bytes: some Sequence<UInt8>) throws(ServerSentEventError)
        -> [ServerSentEvent]
    {
        var events: [ServerSentEvent] = []
        for byte in bytes {
            switch byte {
            case 0x0A where lastWasCarriageReturn:
                lastWasCarriageReturn = false  // The second half of CRLF: the line has ended already.
            case 0x0A, 0x0D:
                lastWasCarriageReturn = byte == 0x0D
                if let event = try endLine() { events.append(event) }
            default:
                lastWasCarriageReturn = false
                guard line.count < maximumLineBytes else { throw .lineTooLong(limit: maximumLineBytes) }
                line.append(byte)
            }
        }
        return events
    }

    private mutating func endLine() throws(ServerSentEventError) -> ServerSentEvent? {
        defer { line.removeAll(keepingCapacity: true) }
        if isAtStart {
            isAtStart = false
            if line.starts(with: [0xEF, 0xBB, 0xBF]) { line.removeFirst(3) }
        }
        guard !line.isEmpty else { return dispatch() }
        guard line[0] != UInt8(ascii: ":") else { return nil }

        let colon = line.firstIndex(of: UInt8(ascii: ":"))
        var valueStart = colon.map { $0 + 1 } ?? line.endIndex
        if valueStart < line.endIndex, line[valueStart] == 0x20 { valueStart += 1 }
        let field = line[..<(colon ?? line.endIndex)]
        if field.elementsEqual("data".utf8) {
            let added = line.endIndex - valueStart
            guard data.utf8.count + added + 1 <= maximumEventBytes else {
                throw .eventTooLarge(limit: maximumEventBytes)
            }
            if hasData { data += "\n" }
            data += try text(line[valueStart...])
            hasData = true
        } else if field.elementsEqual("event".utf8) {
            type = try text(line[valueStart...])
        }
        return nil
    }

    private mutating func dispatch() -> ServerSentEvent? {
        defer {
            type = nil
            data = ""
            hasData = false
        }
        guard hasData else { return nil }
        return ServerSentEvent(type: type.flatMap { $0.isEmpty ? nil : $0 }, data: data)
    }

    private func text(_ bytes: ArraySlice<UInt8>) throws(ServerSentEventError) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw .notUTF8 }
        return text
    }
}

/// One event of a `text/event-stream` (WHATWG HTML, § 9.2).
package struct ServerSentEvent: Hashable, Sendable {
    /// The event's type; nil means `message`.
    package var type: String?

    /// The data: its lines joined by line feeds.
    package var data: String

    /// Creates an event.
    package init(type: String? = nil, data: String) {
        self.type = type
        self.data = data
    }

    /// The event with which an OpenAI chat stream ends.
    package static let done = ServerSentEvent(data: "[DONE]")

    /// Whether this is ``done``.
    package var isDone: Bool { data == "[DONE]" }

    /// The event as bytes of a stream, its blank line included.
    package var serialized: [UInt8] {
        var output: [UInt8] = []
        write(into: &output)
        return output
    }

    /// Appends the event as bytes of a stream, its blank line included.
    ///
    /// Line breaks of any kind in the data become lines of their own, as the format has no other way to carry them:
    /// a reader sees line feeds.
    package func write(into output: inout [UInt8]) {
        if let type {
            output.append(contentsOf: "event: ".utf8)
            output.append(contentsOf: type.utf8.filter { $0 != 0x0A && $0 != 0x0D })
            output.append(0x0A)
        }
        output.append(contentsOf: "data: ".utf8)
        var previous: UInt8 = 0
        for byte in data.utf8 {
            if byte == 0x0D || (byte == 0x0A && previous != 0x0D) {
                output.append(contentsOf: "\ndata: ".utf8)
            } else if byte != 0x0A {
                output.append(byte)
            }
            previous = byte
        }
        output.append(contentsOf: "\n\n".utf8)
    }
}

package import StrictJSON

/// Takes the final response out of a Responses API stream and checks it against the pieces that came before.
///
/// The stream's terminal event carries the whole response. A proxy or a cut that lost a delta would show as a
/// difference between the two; such a stream gives no reply.
package struct ResponseStreamAssembler: Sendable {
    /// Whether a terminal event has come.
    package var isDone: Bool { final != nil || failure != nil }

    /// The most bytes of data that one reply may have.
    package let maximumBytes: Int

    private var texts: [Place: String] = [:]
    private var final: JSONValue?
    private var failure: StreamAssemblyError?
    private var receivedBytes = 0

    private struct Place: Hashable, Sendable {
        let output: Int
        let content: Int
    }

    /// Creates an assembler at the start of a stream.
    package init(maximumBytes: Int = 64 << 20) {
        self.maximumBytes = maximumBytes
    }

    /// Takes the next event.
    ///
    /// - Throws: ``StreamAssemblyError``; the reply is lost then, and the assembler must not be used on.
    package mutating func apply(_ event: ServerSentEvent) throws(StreamAssemblyError) {
        guard !isDone, !event.isDone else { return }
        receivedBytes += event.data.utf8.count
        guard receivedBytes <= maximumBytes else { throw .tooLarge(limit: maximumBytes) }
        let json: JSONValue
        do {
            json = try JSONValue(parsing: event.data.utf8)
        } catch {
            throw .malformed("an event is no JSON")
        }
        switch json["type"]?.stringValue ?? event.type {
        case "response.output_text.delta":
            guard let delta = json["delta"]?.stringValue else {
                throw .malformed("a text delta has no text")
            }
            let place = Place(
                output: json["output_index"]?.intValue ?? 0,
                content: json["content_index"]?.intValue ?? 0
            )
            texts[place, default: ""] += delta
        case "response.completed":
            guard let response = json["response"], response.objectValue != nil else {
                throw .malformed("response.completed has no response")
            }
            final = response
        case "response.incomplete", "response.cancelled":
            failure = .incomplete("the response ended before its time")
        case "response.failed", "error":
            failure = .upstreamError
        default: break
        }
    }

    /// The finished response.
    ///
    /// - Throws: ``StreamAssemblyError/incomplete(_:)`` unless `response.completed` came, or
    ///   ``StreamAssemblyError/inconsistent(_:)`` when its text is not what the deltas spelled.
    package func response() throws(StreamAssemblyError) -> JSONValue {
        if let failure { throw failure }
        guard let final else { throw .incomplete("no response.completed") }
        for (place, text) in texts {
            guard final["output"]?[place.output]?["content"]?[place.content]?["text"]?.stringValue == text
            else {
                throw .inconsistent("the deltas spell another text than the whole")
            }
        }
        return final
    }
}

/// Why the events of a stream do not make a reply that may be stored.
package enum StreamAssemblyError: Error, Hashable, Sendable {
    /// An event's data are not the JSON that the protocol promises.
    case malformed(String)
    /// The stream carried an error of the upstream.
    case upstreamError
    /// The stream ended, or was asked for its reply, before its terminal event.
    case incomplete(String)
    /// The pieces and the whole that the stream sent contradict each other.
    case inconsistent(String)
    /// The reply has more bytes than allowed.
    case tooLarge(limit: Int)
}

extension StreamAssemblyError: CustomStringConvertible {
    /// One line that quotes nothing of the reply.
    package var description: String {
        switch self {
        case .malformed(let what): "the stream is malformed: \(what)"
        case .upstreamError: "the stream carried an error of the upstream"
        case .incomplete(let what): "the stream is incomplete: \(what)"
        case .inconsistent(let what): "the stream contradicts itself: \(what)"
        case .tooLarge(let limit): "the streamed reply is larger than \(limit) bytes"
        }
    }
}

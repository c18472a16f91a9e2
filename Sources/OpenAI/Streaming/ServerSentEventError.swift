/// Why a stream of events is not read further.
package enum ServerSentEventError: Error, Hashable, Sendable {
    /// A line has more bytes than allowed.
    case lineTooLong(limit: Int)
    /// The data of one event have more bytes than allowed.
    case eventTooLarge(limit: Int)
    /// A line is not UTF-8.
    case notUTF8
}

extension ServerSentEventError: CustomStringConvertible {
    /// One line that quotes nothing of the stream.
    package var description: String {
        switch self {
        case .lineTooLong(let limit): "a line of the event stream is longer than \(limit) bytes"
        case .eventTooLarge(let limit): "an event of the stream is larger than \(limit) bytes"
        case .notUTF8: "a line of the event stream is not UTF-8"
        }
    }
}

/// The place of a change in a namespace's stream: which incarnation of the stream, and the how manieth change.
///
/// Changes are counted without gaps, so a reader knows when it missed one. A stream that was lost begins a new incarnation,
/// numbered by the time of its first change.
struct StreamPosition: Hashable, Comparable, Sendable, LosslessStringConvertible {
    let incarnation: UInt64
    let number: UInt64

    init(incarnation: UInt64, number: UInt64) {
        self.incarnation = incarnation
        self.number = number
    }

    /// Reads an id such as `1700000000000-42`.
    init?(_ description: String) {
        let parts = description.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let incarnation = UInt64(parts[0]), let number = UInt64(parts[1]) else { return nil }
        self.init(incarnation: incarnation, number: number)
    }

    /// The id in the stream.
    var description: String { "\(incarnation)-\(number)" }

    /// The place before every change.
    static let start = StreamPosition(incarnation: 0, number: 0)

    /// Whether nothing lies between this place and that change.
    func isFollowed(by next: StreamPosition) -> Bool {
        next.incarnation == incarnation && next.number == number &+ 1
    }

    static func < (left: StreamPosition, right: StreamPosition) -> Bool {
        (left.incarnation, left.number) < (right.incarnation, right.number)
    }
}

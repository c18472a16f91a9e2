/// What a replica keeps of how far it came in a namespace, for its next start.
enum KeptPlace: Hashable, LosslessStringConvertible, Sendable {
    /// Every change up to there is applied.
    case applied(StreamPosition)
    /// The namespace began to be read as a whole, or to be let go, when that was the last change.
    ///
    /// Whoever finds this ended halfway: some of the answers are here, and of their removal since then nobody told it.
    case reading(StreamPosition)

    private static let readingPrefix = "reading "

    /// Reads `1700000000000-42` or `reading 1700000000000-42`.
    init?(_ description: String) {
        let isReading = description.hasPrefix(Self.readingPrefix)
        let text = isReading ? String(description.dropFirst(Self.readingPrefix.count)) : description
        guard let position = StreamPosition(text) else { return nil }
        self = isReading ? .reading(position) : .applied(position)
    }

    var description: String {
        switch self {
        case .applied(let position): position.description
        case .reading(let position): Self.readingPrefix + position.description
        }
    }

    /// Whether a server with that last change still knows what it knew there.
    ///
    /// Before its first change a stream has no incarnation: the one that it has now may have begun right behind.
    func isOfStream(of top: StreamPosition?) -> Bool {
        guard let top else { return false }
        switch self {
        case .applied(let position), .reading(let position):
            return position == .start || position.incarnation == top.incarnation
        }
    }
}

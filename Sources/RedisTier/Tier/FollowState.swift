/// How far a namespace's changes are applied here.
///
/// Pure: it is told what was read and tells what to do.
struct FollowState: Sendable {
    enum Phase: Hashable, Sendable {
        /// It has to be found out whether the changes since the last time can still be read.
        case starting
        /// It is read as a whole.
        case hydrating
        /// Its changes are applied as they come.
        case following
        /// It was not used for long, and what is here of it goes.
        case leaving
    }

    /// What to do with a change.
    enum Step: Hashable, Sendable {
        /// Apply it.
        case apply
        /// It was applied before.
        case skip
        /// Changes before it were missed.
        case readAnew
    }

    var phase = Phase.starting
    /// The last change that is applied.
    var position: StreamPosition?
    /// The server's last change when the namespace began to be read as a whole; nil once it is read.
    var reading: StreamPosition?
    /// Until when every change is applied, in nanoseconds of the monotonic clock.
    var heardAt: Int64?
    /// The last change that the server has.
    var top: StreamPosition?
    /// When the namespace was used last.
    var usedAt: Int64
    var hydrated = 0
    var hydrationTotal = 0

    init(usedAt: Int64) { self.usedAt = usedAt }

    /// What to do with a change that was read behind ``position``.
    mutating func advance(to next: StreamPosition) -> Step {
        guard let position else { return .readAnew }
        if next <= position { return .skip }
        guard position.isFollowed(by: next) || (position == .start && next.number == 1) else { return .readAnew }
        self.position = next
        return .apply
    }

    /// Whether the server's last change shows that changes were missed or lost: there is less than was applied, or another
    /// incarnation.
    func contradicts(_ top: StreamPosition?) -> Bool {
        guard let position, position != .start else { return false }
        guard let top else { return true }
        return top < position || (top.incarnation != position.incarnation && top.number > 0 && top > position)
    }

    /// How many changes are not applied.
    var lag: UInt64 {
        guard let top else { return 0 }
        guard let position, position.incarnation == top.incarnation else { return top.number }
        return top.number > position.number ? top.number - position.number : 0
    }
}

/// What a replica does while it cannot hear what other replicas removed.
public enum SharedFreshness: String, Hashable, Sendable, Codable, CaseIterable {
    /// It goes on with what it knows.
    case relaxed
    /// It serves nothing from the namespace until it hears again: an answer that was removed elsewhere stays removed.
    case strict
}

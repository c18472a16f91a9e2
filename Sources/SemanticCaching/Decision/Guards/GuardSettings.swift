/// Which guards look, and which of them forbid a hit.
///
///     var settings = GuardSettings()
///     settings.vetoing.remove(.numbers)   // an intent bot: "convert 5 miles" and "convert 9 miles" share an answer
///
/// A guard that looks without a veto still shows its findings, and weighs in a learned model.
public struct GuardSettings: Hashable, Sendable, Codable {
    /// The guards that look.
    public var enabled: GuardSet
    /// The guards whose finding turns a hit into a miss.
    public var vetoing: GuardSet

    /// Creates settings; by default every guard looks, and all but `names` have a veto.
    public init(enabled: GuardSet = .all, vetoing: GuardSet = .all.subtracting(.names)) {
        self.enabled = enabled
        self.vetoing = vetoing
    }

    /// No guard at all.
    public static let off = GuardSettings(enabled: [], vetoing: [])
}

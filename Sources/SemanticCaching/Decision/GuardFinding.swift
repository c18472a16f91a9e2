/// A difference between two questions for which they may need different answers.
public struct GuardFinding: Hashable, Sendable {
    /// The guard that speaks, such as `numbers` or `negation`.
    public var guardName: String
    /// What stands in the asked question only, as it was written.
    public var asked: [String]
    /// What stands in the stored question only, as it was written.
    public var stored: [String]
    /// Whether the difference forbids the hit; otherwise it only weighs in a learned model.
    public var isVeto: Bool

    /// Creates a finding.
    public init(guardName: String, asked: [String], stored: [String], isVeto: Bool) {
        self.guardName = guardName
        self.asked = asked
        self.stored = stored
        self.isVeto = isVeto
    }
}

/// What a walk over the whole store found.
public struct StoreReport: Sendable {
    /// What can be wrong with a store.
    public enum Kind: String, CaseIterable, Sendable {
        /// A page or an index of the database is damaged.
        case damagedDatabase
        /// An answer's row does not match its checksum, or cannot be read or decrypted.
        case damagedEntry
        /// A question's row does not match its checksum, or cannot be read or decrypted.
        case damagedQuestion
        /// A vector has components that are not finite, or is not of unit length.
        case invalidVector
        /// A question whose answer is not there.
        case questionWithoutEntry
        /// An answer that no question leads to.
        case entryWithoutQuestion
        /// Tags or counts of use of an answer that is not there, or that differ from the answer's.
        case danglingRow
        /// A count that the store keeps differs from what is there.
        case wrongCount
        /// A copy of the indexes is damaged, so that the next start leaves it aside and builds them anew.
        case damagedSnapshot
    }

    /// One thing that is wrong.
    public struct Finding: Hashable, Sendable, CustomStringConvertible {
        /// What is wrong.
        public let kind: Kind
        /// With which answer, question or page.
        public let subject: String

        /// One line.
        public var description: String { "\(kind.rawValue): \(subject)" }
    }

    /// Answers that were walked.
    public internal(set) var entries = 0
    /// Questions that were walked.
    public internal(set) var questions = 0
    /// Vectors that were checked.
    public internal(set) var vectors = 0
    /// How often each kind of fault was found.
    public internal(set) var counts: [Kind: Int] = [:]
    /// The first faults, at most ``findingLimit``.
    public internal(set) var findings: [Finding] = []
    /// Whether the faults were repaired: what is damaged is removed, and counts are right again.
    public internal(set) var isRepaired = false

    /// The most faults that are listed one by one.
    public static let findingLimit = 100

    /// Whether nothing is wrong.
    public var isSound: Bool { counts.isEmpty }

    mutating func note(_ kind: Kind, _ subject: String) {
        counts[kind, default: 0] += 1
        if findings.count < Self.findingLimit { findings.append(Finding(kind: kind, subject: subject)) }
    }
}

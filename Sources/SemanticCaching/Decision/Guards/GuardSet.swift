/// The mismatch guards, each a reason for which two similar questions may need different answers.
///
///     var settings = GuardSettings()
///     settings.enabled.remove(.tense)
public struct GuardSet: OptionSet, Hashable, Sendable, Codable {
    /// One bit per guard.
    public let rawValue: UInt32
    /// Creates a set from its bits.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Counts and plain numbers: `7` and `17`, `two` and `ten`.
    public static let numbers = GuardSet(rawValue: 1 << 0)
    /// Days, months and calendar dates: `May 1` and `May 2`, `today` and `tomorrow`.
    public static let dates = GuardSet(rawValue: 1 << 1)
    /// Times of day: `7 am` and `7 pm`, `morning` and `evening`.
    public static let times = GuardSet(rawValue: 1 << 2)
    /// Quantities with units, after conversion: `10 km` and `10 miles`.
    public static let units = GuardSet(rawValue: 1 << 3)
    /// Amounts and currencies: `$10` and `10 EUR`.
    public static let money = GuardSet(rawValue: 1 << 4)
    /// Order numbers, versions, e-mail addresses, URLs, code; signs between the same words: `a < b` and `a > b`.
    public static let identifiers = GuardSet(rawValue: 1 << 5)
    /// A statement and its denial: `is safe` and `is not safe`.
    public static let negation = GuardSet(rawValue: 1 << 6)
    /// Antonyms: `enable` and `disable`, `before` and `after`.
    public static let opposites = GuardSet(rawValue: 1 << 7)
    /// Roles exchanged: `from A to B` and `from B to A`.
    public static let direction = GuardSet(rawValue: 1 << 8)
    /// Members of one closed class exchanged: `red` and `blue`, `JSON` and `YAML`; words that differ in capitals, accents or
    /// emoji alone: `IT` and `it`, `schon` and `schön`.
    public static let terms = GuardSet(rawValue: 1 << 9)
    /// Bounds and degrees: `at least 5` and `at most 5`.
    public static let comparison = GuardSet(rawValue: 1 << 10)
    /// Names and rare words on one side only.
    public static let names = GuardSet(rawValue: 1 << 11)
    /// What is asked for: `who`, `when`, `how many`.
    public static let questionType = GuardSet(rawValue: 1 << 12)
    /// Whose: `my name` and `your name`.
    public static let person = GuardSet(rawValue: 1 << 13)
    /// When: `is`, `was`, `will be`.
    public static let tense = GuardSet(rawValue: 1 << 14)
    /// The language of the question, or the one it asks for.
    public static let language = GuardSet(rawValue: 1 << 15)

    /// Every guard.
    public static let all = GuardSet(rawValue: 1 << 16 - 1)

    /// The guards in their order, by the names that findings, settings and metrics use.
    public static let named: [(name: String, guard: GuardSet)] = [
        ("numbers", .numbers), ("dates", .dates), ("times", .times), ("units", .units), ("money", .money),
        ("identifiers", .identifiers), ("negation", .negation), ("opposites", .opposites),
        ("direction", .direction), ("terms", .terms), ("comparison", .comparison), ("names", .names),
        ("question-type", .questionType), ("person", .person), ("tense", .tense), ("language", .language),
    ]

    /// The guard of that name, or nil.
    public init?(name: some StringProtocol) {
        guard let match = Self.named.first(where: { $0.name == name }) else { return nil }
        self = match.guard
    }

    /// The names of the guards in the set.
    public var names: [String] { Self.named.filter { contains($0.guard) }.map(\.name) }
}

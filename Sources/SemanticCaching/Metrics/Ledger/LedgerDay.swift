/// What a namespace saved and spent on one day.
public struct LedgerDay: Hashable, Sendable {
    /// The day in UTC, as `2026-11-21`.
    public let day: String
    /// Whose account it is.
    public let namespace: NamespaceID
    /// What happened.
    public let counts: LedgerCounts

    /// Creates the account of a day.
    public init(day: String, namespace: NamespaceID, counts: LedgerCounts) {
        self.day = day
        self.namespace = namespace
        self.counts = counts
    }
}

extension Timestamp {
    /// The day in UTC, as `2026-11-21`.
    package var day: String {
        // Hinnant, "chrono-compatible low-level date algorithms": days to civil, in eras of 400 years from March on.
        let days = (milliseconds >= 0 ? milliseconds : milliseconds - 86_399_999) / 86_400_000 + 719_468
        let era = (days >= 0 ? days : days - 146_096) / 146_097
        let dayOfEra = days - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        func padded(_ number: Int64, _ width: Int) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
    }
}

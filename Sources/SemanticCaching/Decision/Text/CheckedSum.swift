/// A number that is put together word by word, and that says so when it does not fit.
///
///     two hundred thousand five   ─►   group 2, 200   ─►   total 200,000, group 0   ─►   group 5
///
/// What is read is anybody's text: "one hundred hundred hundred …" has no end.
struct CheckedSum {
    /// What was read since the last scale of a thousand or more.
    private(set) var group: Int64 = 0
    private var total: Int64 = 0
    private var hasOverflown = false

    /// The number; nil if it does not fit.
    var value: Int64? {
        let (sum, overflow) = total.addingReportingOverflow(group)
        return hasOverflown || overflow ? nil : sum
    }

    /// Adds a numeral, or some times a scale, to the group.
    mutating func add(_ numeral: Int64, times scale: Int64 = 1) {
        let product = checked(numeral.multipliedReportingOverflow(by: scale))
        group = checked(group.addingReportingOverflow(product))
    }

    /// Appends a decimal digit to the group.
    mutating func append(_ digit: Int64) {
        group = checked(group.multipliedReportingOverflow(by: 10))
        add(digit)
    }

    /// Multiplies the group by a scale such as `hundred`; a scale alone is one of it.
    mutating func scaleGroup(by scale: Int64) {
        group = checked(max(1, group).multipliedReportingOverflow(by: scale))
    }

    /// Moves the group, multiplied by a scale such as `million`, to the total.
    mutating func closeGroup(scale: Int64) {
        scaleGroup(by: scale)
        total = checked(total.addingReportingOverflow(group))
        group = 0
    }

    private mutating func checked(_ result: (partialValue: Int64, overflow: Bool)) -> Int64 {
        hasOverflown = hasOverflown || result.overflow
        return result.partialValue
    }
}

/// A calendar date in digits: `2024-05-01`, `5/1/2024`, `1.5.2024`.
///
/// Where day and month cannot be told apart the first number is the month before `/` and the day before `.`, and a reader
/// who writes the same question twice writes the same date twice.
struct DateShape: Sendable {
    let year: Int
    let month: Int
    let day: Int
    let yearRange: Range<Int>
    let range: Range<Int>

    /// Reads a date at the beginning of the stretch.
    init?(_ scalars: ArraySlice<UInt32>) {
        var parts: [(value: Int, range: Range<Int>)] = []
        var separator: UInt32 = 0
        var position = scalars.startIndex
        while parts.count < 3 {
            let digits = scalars[position...].prefix { TextScanner.isDigit($0) }
            guard let value = NumericShape.integer(digits) else { return nil }
            parts.append((value, digits.startIndex..<digits.endIndex))
            position = digits.endIndex
            guard parts.count < 3 else { break }
            guard position < scalars.endIndex else { return nil }
            let scalar = scalars[position]
            guard scalar == 0x2D || scalar == 0x2F || scalar == 0x2E, separator == 0 || scalar == separator else {
                return nil
            }
            separator = scalar
            position += 1
        }
        if position < scalars.endIndex, TextScanner.isDigit(scalars[position]) || scalars[position] == separator {
            return nil
        }
        let isYearFirst = parts[0].range.count == 4
        guard isYearFirst || parts[2].range.count == 4 else { return nil }
        let (first, second) = isYearFirst ? (parts[1].value, parts[2].value) : (parts[0].value, parts[1].value)
        let isDayFirst = !isYearFirst && (first > 12 || (separator == 0x2E && second <= 12))
        month = isDayFirst ? second : first
        day = isDayFirst ? first : second
        guard (1...12).contains(month), (1...31).contains(day) else { return nil }
        year = isYearFirst ? parts[0].value : parts[2].value
        yearRange = isYearFirst ? parts[0].range : parts[2].range
        range = scalars.startIndex..<position
    }

    /// The tokens: month and day, and the year as a number.
    func reading(in scalars: ArraySlice<UInt32>) -> NumericShape.Reading {
        var date = TextToken(kind: .date, range: range, hash: TokenHash.hash(scalars[range]))
        date.value = ExactDecimal(mantissa: Int64(month * 100 + day))
        var number = TextToken(kind: .number, range: yearRange, hash: TokenHash.hash(scalars[yearRange]))
        number.value = ExactDecimal(mantissa: Int64(year))
        return NumericShape.Reading(tokens: [date, number], end: range.upperBound)
    }
}

/// Reads moments as logs write them.
///
///     TimeReader.seconds("1763715600.5")                 // seconds from any beginning
///     TimeReader.seconds("2025-11-21T09:00:00.5Z")       // ISO 8601: seconds since 1970
///     TimeReader.seconds("2025-11-21 10:00:00+01:00")    // the same with a space, as databases export it
///
/// A date and time without an offset counts as UTC: within one file only differences matter.
enum TimeReader {
    /// The moment in seconds; nil for what is no moment.
    static func seconds(_ text: String) -> Double? {
        if let number = Double(text) { return number.isFinite ? number : nil }
        var scanner = Scanner(text.utf8)
        guard let year = scanner.number(4), scanner.skip("-"), let month = scanner.number(2), scanner.skip("-"),
            let day = scanner.number(2), (1...12).contains(month), (1...daysIn(month, of: year)).contains(day)
        else { return nil }
        let midnight = Double(days(year, month, day)) * 86_400
        if scanner.isAtEnd { return midnight }
        guard scanner.skip("T") || scanner.skip("t") || scanner.skip(" "), let time = timeOfDay(&scanner),
            let offset = offset(&scanner), scanner.isAtEnd
        else { return nil }
        return midnight + time - offset
    }

    /// Hours and minutes, and if they are there seconds with a fraction; a leap second counts as the next one.
    private static func timeOfDay(_ scanner: inout Scanner) -> Double? {
        guard let hour = scanner.number(2), hour < 24, scanner.skip(":"), let minute = scanner.number(2), minute < 60
        else { return nil }
        var time = Double(hour * 3600 + minute * 60)
        guard scanner.skip(":") else { return time }
        guard let second = scanner.number(2), second <= 60 else { return nil }
        time += Double(second)
        guard scanner.skip(".") || scanner.skip(",") else { return time }
        return scanner.fraction().map { time + $0 }
    }

    /// Seconds east of UTC; none where nothing follows.
    private static func offset(_ scanner: inout Scanner) -> Double? {
        if scanner.isAtEnd || scanner.skip("Z") || scanner.skip("z") { return 0 }
        let isEast = scanner.skip("+")
        guard isEast || scanner.skip("-"), let hours = scanner.number(2), hours < 24 else { return nil }
        let hasColon = scanner.skip(":")
        guard !scanner.isAtEnd || hasColon else { return Double(isEast ? hours : -hours) * 3600 }
        guard let minutes = scanner.number(2), minutes < 60 else { return nil }
        return Double((isEast ? 1 : -1) * (hours * 3600 + minutes * 60))
    }

    private static func daysIn(_ month: Int, of year: Int) -> Int {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        return month == 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
    }

    /// Days since 1970-01-01 in the Gregorian calendar, counting years from March so that leap days come last.
    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let year = month <= 2 ? year - 1 : year
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        return year * 365 + year / 4 - year / 100 + year / 400 + dayOfYear - 719_468
    }

    /// Steps through the bytes of a moment.
    private struct Scanner {
        private var rest: Substring.UTF8View

        init(_ text: String.UTF8View) { rest = text[...] }

        var isAtEnd: Bool { rest.isEmpty }

        mutating func skip(_ character: Unicode.Scalar) -> Bool {
            guard rest.first == UInt8(ascii: character) else { return false }
            rest.removeFirst()
            return true
        }

        /// A number of exactly so many digits.
        mutating func number(_ digits: Int) -> Int? {
            var value = 0
            for _ in 0..<digits {
                guard let digit = nextDigit() else { return nil }
                value = value * 10 + digit
            }
            return value
        }

        /// The digits behind a decimal point, at least one.
        mutating func fraction() -> Double? {
            var value = 0.0
            var scale = 0.1
            var hasDigits = false
            while let digit = nextDigit() {
                value += Double(digit) * scale
                scale /= 10
                hasDigits = true
            }
            return hasDigits ? value : nil
        }

        private mutating func nextDigit() -> Int? {
            guard let byte = rest.first, (0x30...0x39).contains(byte) else { return nil }
            rest.removeFirst()
            return Int(byte - 0x30)
        }
    }
}

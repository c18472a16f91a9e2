/// The wait that a server asks for in its headers.
package enum RetryAfter {
    /// Reads `Retry-After` (RFC 9110, § 10.2.3): whole seconds, or an HTTP date.
    ///
    /// A date in the past is a wait of zero. Nil when the text is neither.
    package static func wait(parsing text: String, unixTime: Double) -> Duration? {
        let text = text.filter { $0 != "\t" }.split(separator: " ", omittingEmptySubsequences: true)
        if text.count == 1 {
            guard text[0].utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
            return .seconds(Int(text[0]) ?? Int(Int32.max))
        }
        guard let date = unixTimeOfHTTPDate(text) else { return nil }
        return .seconds(max(0, date - unixTime))
    }

    /// The seconds since 1970 of an IMF-fixdate: `Sun, 06 Nov 1994 08:49:37 GMT`.
    private static func unixTimeOfHTTPDate(_ fields: [Substring]) -> Double? {
        guard fields.count == 6, fields[5] == "GMT",
            let day = Int(fields[1]), (1...31).contains(day),
            let month = months.firstIndex(of: fields[2]),
            let year = Int(fields[3]), (1970...9999).contains(year)
        else { return nil }
        let time = fields[4].split(separator: ":", omittingEmptySubsequences: false).compactMap {
            Int($0)
        }
        guard time.count == 3, (0...23).contains(time[0]), (0...59).contains(time[1]),
            (0...60).contains(time[2])
        else {
            return nil
        }
        let days = daysSince1970(year: year, month: month + 1, day: day)
        return Double(days * 86_400 + time[0] * 3_600 + time[1] * 60 + time[2])
    }

    private static let months: [Substring] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// Counts days of the Gregorian calendar, with the year taken to begin in March so that the leap day comes last.
    private static func daysSince1970(year: Int, month: Int, day: Int) -> Int {
        let shiftedYear = month > 2 ? year : year - 1
        let shiftedMonth = (month + 9) % 12
        let leapDays = shiftedYear / 4 - shiftedYear / 100 + shiftedYear / 400
        let dayOfYear = (153 * shiftedMonth + 2) / 5 + day - 1
        return shiftedYear * 365 + leapDays + dayOfYear - 719_468
    }
}

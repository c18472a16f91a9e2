#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// The time as HTTP's `Date` gives it (RFC 9110, section 5.6.7), made anew once a second.
struct HTTPDate {
    private var second = time_t.min
    private var text = ""

    /// The present time.
    var now: String {
        mutating get {
            let now = time(nil)
            if now != second {
                second = now
                text = Self.text(at: now)
            }
            return text
        }
    }

    /// The time so many seconds after the beginning of 1970, for example `Sun, 06 Nov 1994 08:49:37 GMT`.
    static func text(at seconds: time_t) -> String {
        var seconds = seconds
        var parts = tm()
        gmtime_r(&seconds, &parts)
        let day = "\(weekdays[Int(parts.tm_wday)]), \(padded(parts.tm_mday)) \(months[Int(parts.tm_mon)])"
        let clock = "\(padded(parts.tm_hour)):\(padded(parts.tm_min)):\(padded(parts.tm_sec))"
        return "\(day) \(parts.tm_year + 1_900) \(clock) GMT"
    }

    // The names are English whatever the locale, which strftime would follow.
    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    private static func padded(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
}

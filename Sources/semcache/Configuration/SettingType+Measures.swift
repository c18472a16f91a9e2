extension SettingType where Value == Duration {
    /// A length of time: `250ms`, `45s`, `15m`, `12h`, `7d`, `2w`, or several of these such as `1d12h`.
    static func duration(from lowest: Duration = .milliseconds(1)) -> Self {
        Self(
            expectation: lowest == .zero
                ? "a time such as 0s, 45s, 15m, 12h or 1d12h"
                : "a time above zero such as 250ms, 45s, 15m, 12h or 1d12h",
            read: { text in DurationText.read(text).flatMap { $0 >= lowest ? $0 : nil } },
            write: DurationText.write
        )
    }
}

extension SettingType where Value == Int {
    /// A number of bytes: `4096`, `64KiB`, `32MiB`, `8GiB`.
    static func bytes(from lowest: Int = 1) -> Self {
        Self(
            expectation: "a size of at least \(ByteText.write(lowest)), such as 4096, 64KiB, 32MiB or 8GiB",
            read: { text in ByteText.read(text).flatMap { $0 >= lowest ? $0 : nil } },
            write: ByteText.write
        )
    }
}

/// Lengths of time as people write them.
enum DurationText {
    private static let units: [(name: String, milliseconds: Int64)] = [
        ("w", 604_800_000), ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1),
    ]

    /// Reads `1d12h`; nil for anything else, a bare number and what does not fit included.
    static func read(_ text: String) -> Duration? {
        var rest = text.lowercased()[...]
        guard !rest.isEmpty else { return nil }
        var total: Int64 = 0
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            rest = rest.dropFirst(digits.count)
            let name = rest.prefix { $0.isLetter }
            rest = rest.dropFirst(name.count)
            guard let count = Int64(digits), let unit = units.first(where: { $0.name == name }) else { return nil }
            let (part, isTooLong) = count.multipliedReportingOverflow(by: unit.milliseconds)
            guard !isTooLong, part <= Int64.max / 4 - total else { return nil }
            total += part
        }
        return .milliseconds(total)
    }

    /// Writes a length of time, to the millisecond.
    static func write(_ duration: Duration) -> String {
        var rest = Int64(duration / .milliseconds(1))
        guard rest > 0 else { return "0s" }
        return units.reduce(into: "") { text, unit in
            // Weeks are written as days: 7d and 30d are what people compare.
            guard unit.name != "w", rest >= unit.milliseconds else { return }
            text += "\(rest / unit.milliseconds)\(unit.name)"
            rest %= unit.milliseconds
        }
    }
}

/// Sizes as people write them.
enum ByteText {
    private static let units: [(name: String, bytes: Int)] = [
        ("TiB", 1 << 40), ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10),
    ]

    static func read(_ text: String) -> Int? {
        for unit in units where text.hasSuffix(unit.name) {
            guard let count = Int(text.dropLast(unit.name.count)) else { return nil }
            let (bytes, isTooMuch) = count.multipliedReportingOverflow(by: unit.bytes)
            return isTooMuch ? nil : bytes
        }
        return Int(text)
    }

    static func write(_ bytes: Int) -> String {
        for unit in units where bytes >= unit.bytes && bytes % unit.bytes == 0 {
            return "\(bytes / unit.bytes)\(unit.name)"
        }
        return String(bytes)
    }
}

import ArgumentParser

/// A length of time as people write it: `45s`, `15m`, `12h`, `7d`, `2w`, or several of these such as `1d12h`.
struct DurationArgument: ExpressibleByArgument {
    private static let secondsByUnit: [Character: Int64] = ["s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800]

    let duration: Duration

    init?(argument: String) {
        var total: Int64 = 0
        var digits = ""
        for character in argument.lowercased() {
            if character.isASCII, character.isNumber {
                digits.append(character)
                continue
            }
            guard let unit = Self.secondsByUnit[character], let count = Int64(digits) else { return nil }
            let (part, isTooLong) = count.multipliedReportingOverflow(by: unit)
            guard !isTooLong, part <= Int64.max / 4000 - total else { return nil }
            total += part
            digits = ""
        }
        guard digits.isEmpty, total > 0 else { return nil }
        duration = .seconds(total)
    }
}

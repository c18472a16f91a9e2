extension TextReader {
    private static let am = TokenHash.hash("am")
    private static let pm = TokenHash.hash("pm")
    private static let noon = Set(["noon", "midday"].map { TokenHash.hash($0) })
    private static let midnight = TokenHash.hash("midnight")
    private static let oclock = Set(["o'clock", "oclock", "点", "点钟", "點"].map { TokenHash.hash($0) })
    private static let minute = Set(["分", "分钟"].map { TokenHash.hash($0) })
    private static let hanHalf = TokenHash.hash("半")
    private static let hanQuarter = TokenHash.hash("一刻")
    private static let half = TokenHash.hash("half")
    private static let quarter = TokenHash.hash("quarter")
    private static let past = TokenHash.hash("past")
    private static let to = TokenHash.hash("to")
    private static let of = TokenHash.hash("of")
    private static let forenoon = Set(["上午", "早上", "早晨", "凌晨"].map { TokenHash.hash($0) })
    private static let afternoon = Set(["下午", "晚上", "傍晚", "今晚", "明晚", "昨晚", "夜里"].map { TokenHash.hash($0) })
    private static let month = TokenHash.hash("月")
    private static let dayOfMonth = Set(["日", "号"].map { TokenHash.hash($0) })
    private static let year = TokenHash.hash("年")
    private static let monthClass = Lexicon.shared.classID(named: "month")

    /// `noon`, `midnight`, `half past seven`, `quarter to 8`.
    mutating func readNamedTime(at index: Int) -> Int? {
        let hash = tokens[index].hash
        if Self.noon.contains(hash) || hash == Self.midnight {
            let minutes = ExactDecimal(mantissa: hash == Self.midnight ? 0 : 720)
            append(Numeral(value: minutes, tokens: index..<index + 1), base: minutes, .clock, through: index + 1)
            return index + 1
        }
        guard hash == Self.half || hash == Self.quarter, isWord(index + 1, Self.past) || isWord(index + 1, Self.to),
            let numeral = readNumeral(at: index + 2), let hours = numeral.value.integer, (1...12).contains(hours)
        else { return nil }
        let part = hash == Self.half ? 30 : 15
        let isPast = isWord(index + 1, Self.past)
        var whole = numeral
        whole.tokens = index..<numeral.tokens.upperBound
        return appendClock(whole, minutes: hours * 60 + (isPast ? part : -part), end: numeral.tokens.upperBound)
    }

    /// A number that is a time of day: `7 am`, `7:30`, `8 o'clock`, `下午3点半`.
    mutating func readClock(_ numeral: Numeral) -> Int? {
        var end = numeral.tokens.upperBound
        if tokens[numeral.tokens.lowerBound].kind == .clock {
            return appendClock(numeral, minutes: numeral.value.integer ?? 0, end: end)
        }
        guard let hours = numeral.value.integer, (0...24).contains(hours), !numeral.isOrdinal else { return nil }
        if isHalfDayMark(end) { return appendClock(numeral, minutes: hours * 60, end: end) }
        guard tokens.indices.contains(end), Self.oclock.contains(tokens[end].hash) else { return nil }
        var minutes = hours * 60
        end += 1
        if isWord(end, Self.hanHalf) {
            (minutes, end) = (minutes + 30, end + 1)
        } else if isWord(end, Self.hanQuarter) {
            (minutes, end) = (minutes + 15, end + 1)
        } else if let part = readNumeral(at: end), let value = part.value.integer, (0..<60).contains(value),
            tokens[numeral.tokens.upperBound].kind == .han
        {
            minutes += value
            end = part.tokens.upperBound
            if tokens.indices.contains(end), Self.minute.contains(tokens[end].hash) { end += 1 }
        }
        return appendClock(numeral, minutes: minutes, end: end)
    }

    private func isHalfDayMark(_ index: Int) -> Bool {
        guard isWord(index, Self.am) || isWord(index, Self.pm) else { return false }
        return true
    }

    /// Adds a time of day, with the half of the day if `am`, `pm`, 上午 or 下午 tells.
    private mutating func appendClock(_ numeral: Numeral, minutes: Int, end: Int) -> Int {
        var minutes = minutes
        var end = end
        var dimension = Dimension.halfDayClock
        let before = numeral.tokens.lowerBound - 1
        if isHalfDayMark(end) {
            minutes = minutes % 720 + (isWord(end, Self.pm) ? 720 : 0)
            dimension = .clock
            end += 1
        } else if before >= 0, Self.forenoon.contains(tokens[before].hash) {
            (minutes, dimension) = (minutes % 720, .clock)
        } else if before >= 0, Self.afternoon.contains(tokens[before].hash) {
            (minutes, dimension) = (minutes % 720 + 720, .clock)
        } else if minutes >= 780 || minutes < 60 {
            dimension = .clock
        }
        append(numeral, base: ExactDecimal(mantissa: Int64(minutes)), dimension, through: end)
        return end
    }

    /// A number that is a day of a named month: `May 5`, `5th of May`, `5月1日`, `5号`.
    mutating func readDate(_ numeral: Numeral) -> Int? {
        guard let day = numeral.value.integer, numeral.tokens.count <= 3 else { return nil }
        let end = numeral.tokens.upperBound
        if isWord(end, Self.year), (1000...2999).contains(day) {
            append(numeral, base: nil, .none, through: end + 1)
            isTaken[end] = true
            return end + 1
        }
        guard (1...31).contains(day) else { return nil }
        if isWord(end, Self.month), day <= 12, let second = readNumeral(at: end + 1),
            let dayOfMonth = second.value.integer, (1...31).contains(dayOfMonth),
            tokens.indices.contains(second.tokens.upperBound),
            Self.dayOfMonth.contains(tokens[second.tokens.upperBound].hash)
        {
            isTaken[end] = true
            isTaken[second.tokens.upperBound] = true
            append(
                numeral,
                base: ExactDecimal(mantissa: Int64(day * 100 + dayOfMonth)),
                .date,
                through: second.tokens.upperBound + 1
            )
            return second.tokens.upperBound + 1
        }
        if tokens.indices.contains(end), Self.dayOfMonth.contains(tokens[end].hash), tokens[end].kind == .han {
            isTaken[end] = true
            append(numeral, base: numeral.value, .date, through: end + 1)
            return end + 1
        }
        let after = isWord(end, Self.of) ? end + 1 : end
        guard let month = month(at: numeral.tokens.lowerBound - 1) ?? month(at: after) else { return nil }
        append(numeral, base: ExactDecimal(mantissa: Int64(month * 100 + day)), .date, through: end)
        return end
    }

    /// The number of the month that a token names.
    private func month(at index: Int) -> Int? {
        sense(index)?.members.first { $0.wordClass == Self.monthClass }.map { Int($0.member) + 1 }
    }
}

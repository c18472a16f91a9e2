extension TextReader {
    /// A number that was read, and the tokens it took.
    struct Numeral {
        var value: ExactDecimal
        var tokens: Range<Int>
        var isOrdinal = false
        var isImplied = false
    }

    /// Collects numbers with their units, amounts, times and dates.
    mutating func readQuantities() {
        var index = 0
        while index < tokens.count {
            if let end = readNamedTime(at: index) ?? readImplied(at: index) {
                index = end
            } else if let numeral = readNumeral(at: index) {
                index = readQuantity(numeral)
            } else {
                index += 1
            }
        }
    }

    // MARK: - Parts

    func isWord(_ index: Int, _ hash: UInt64) -> Bool { tokens.indices.contains(index) && tokens[index].hash == hash }

    /// The unit that a token names, if it may stand directly beside a number.
    func unit(at index: Int) -> UnitDefinition? {
        guard let unit = sense(index)?.unit, unit >= 0 else { return nil }
        // "319 in GRE" are no inches, "5 s" hardly seconds: such units are written without a blank.
        if Self.gluedUnits.contains(tokens[index].hash) {
            guard index > 0, tokens[index - 1].range.upperBound == tokens[index].range.lowerBound else { return nil }
        }
        return UnitDefinition.all[Int(unit)]
    }

    private static let gluedUnits = Set(["in", "s", "t", "w", "x", "h"].map { TokenHash.hash($0) })

    private func afterPhrase(_ index: Int) -> Int {
        var next = index + 1
        while next < tokens.count, tokens[next].isAbsorbed { next += 1 }
        return next
    }

    private func source(of range: Range<Int>) -> SourceRange {
        source(range.lowerBound).union(source(max(range.lowerBound, range.upperBound - 1)))
    }

    mutating func append(
        _ numeral: Numeral,
        base: ExactDecimal?,
        _ dimension: Dimension,
        through end: Int
    ) {
        let role = self.role(of: numeral, through: end)
        (lastRole, lastQuantityEnd) = (role, max(end, numeral.tokens.upperBound))
        quantities.append(
            Quantity(
                written: numeral.value,
                base: base ?? numeral.value,
                dimension: dimension,
                isImplied: numeral.isImplied,
                versionKey: dimension == .none ? versionKey(of: numeral) : 0,
                role: role,
                source: source(of: numeral.tokens.lowerBound..<max(end, numeral.tokens.upperBound))
            )
        )
    }

    /// The digits of a number that names a version: behind `v`, `version`, or a name when it has a decimal point.
    private func versionKey(of numeral: Numeral) -> UInt32 {
        let index = numeral.tokens.lowerBound
        guard numeral.tokens.count == 1, tokens[index].kind == .number else { return 0 }
        let scalars = folded.scalars[tokens[index].range].drop { $0 == 0x76 }
        guard scalars.contains(0x2E), scalars.last.map(TextScanner.isDigit) == true else { return 0 }
        let isNamed = index > 0 && tokens[index - 1].kind == .word && isContent(index - 1)
        return tokens[index].isVersion || isNamed ? TokenHash.short(TokenHash.hash(scalars)) : 0
    }

    // MARK: - Quantities

    /// Reads what a number measures; returns the token to go on with.
    private mutating func readQuantity(_ numeral: Numeral) -> Int {
        let end = numeral.tokens.upperBound
        if tokens[numeral.tokens.lowerBound].kind == .date {
            append(numeral, base: nil, .date, through: end)
            return end
        }
        if let after = readClock(numeral) ?? readDate(numeral) { return after }
        let before = numeral.tokens.lowerBound - 1
        if before >= 0, !isTaken[before], let unit = unit(at: before),
            unit.dimension.isCurrency || unit.dimension == .percent,
            tokens[before].kind != .word || unit.dimension.isCurrency
        {
            isTaken[before] = true
            append(numeral, base: numeral.value.multiplied(by: unit.factor), unit.dimension, through: end)
            return end
        }
        if let after = readMeasured(numeral) { return after }
        append(numeral, base: nil, numeral.isOrdinal ? .ordinal : .none, through: end)
        return end
    }

    private static let and = TokenHash.hash("and")
    private static let a = TokenHash.hash("a")
    private static let an = TokenHash.hash("an")
    private static let half = TokenHash.hash("half")
    private static let hanHalf = TokenHash.hash("半")
    private static let workdays = Set(
        ["business", "working", "work", "calendar", "full", "us"].map { TokenHash.hash($0) }
    )

    /// Reads a number with its unit, and further parts of the same quantity: `1 hour and 30 minutes`.
    private mutating func readMeasured(_ numeral: Numeral) -> Int? {
        var value = numeral.value
        var end = numeral.tokens.upperBound
        if isWord(end, Self.and), isWord(end + 1, Self.a), isWord(end + 2, Self.half) {
            value = value.adding(ExactDecimal(mantissa: 5, exponent: -1)) ?? value
            end += 3
        } else if tokens.indices.contains(end), Self.workdays.contains(tokens[end].hash), unit(at: end + 1) != nil {
            end += 1
        }
        guard !numeral.isOrdinal, var unit = unit(at: end), var base = value.multiplied(by: unit.factor) else {
            return nil
        }
        if unit.dimension == .degree, let exact = self.unit(at: end + 1) {
            isTaken[end] = true
            unit = exact
            end += 1
        }
        isTaken[end] = true
        end = afterPhrase(end)
        if isWord(end, Self.hanHalf), let half = unit.factor.multiplied(by: ExactDecimal(mantissa: 5, exponent: -1)) {
            base = base.adding(half) ?? base
            end += 1
        }
        while let part = readNumeral(at: isWord(end, Self.and) ? end + 1 : end),
            let smaller = self.unit(at: part.tokens.upperBound),
            smaller.dimension == unit.dimension, smaller.factor != unit.factor, !unit.dimension.isCurrency,
            let amount = part.value.multiplied(by: smaller.factor), let sum = base.adding(amount)
        {
            base = sum
            isTaken[part.tokens.upperBound] = true
            end = afterPhrase(part.tokens.upperBound)
        }
        var whole = numeral
        whole.value = value
        append(whole, base: base, unit.dimension, through: end)
        return end
    }

    /// `a week`, `an hour`, `half an hour`, `半小时`: amounts without a numeral.
    private mutating func readImplied(at index: Int) -> Int? {
        let hash = tokens[index].hash
        if hash == Self.half || hash == Self.hanHalf {
            let next = isWord(index + 1, Self.an) || isWord(index + 1, Self.a) ? index + 2 : index + 1
            guard let unit = unit(at: next) else { return nil }
            isTaken[next] = true
            let value = ExactDecimal(mantissa: 5, exponent: -1)
            append(
                Numeral(value: value, tokens: index..<next),
                base: value.multiplied(by: unit.factor),
                unit.dimension,
                through: next + 1
            )
            return next + 1
        }
        guard hash == Self.a || hash == Self.an, let unit = unit(at: index + 1),
            unit.dimension == .time || unit.dimension == .calendar
        else { return nil }
        isTaken[index + 1] = true
        let one = Numeral(value: ExactDecimal(mantissa: 1), tokens: index..<index + 1, isImplied: true)
        append(one, base: unit.factor, unit.dimension, through: index + 2)
        return index + 2
    }
}

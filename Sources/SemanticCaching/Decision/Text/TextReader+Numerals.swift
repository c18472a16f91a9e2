extension TextReader {
    private static let and = TokenHash.hash("and")
    private static let one = TokenHash.hash("one")
    private static let second = TokenHash.hash("second")
    private static let hanOne = TokenHash.hash("一")
    private static let hanOrdinal = TokenHash.hash("第")
    private static let hanTen = TokenHash.hash("十")
    private static let hanPiece = TokenHash.hash("个")

    /// Reads digits or number words at a token, with the scales behind them; nil if no number begins there.
    func readNumeral(at index: Int) -> Numeral? {
        guard tokens.indices.contains(index), !tokens[index].isAbsorbed else { return nil }
        let token = tokens[index]
        switch token.kind {
        case .number: return scaled(Numeral(value: token.value, tokens: index..<index + 1, isOrdinal: token.isOrdinal))
        case .clock, .date: return Numeral(value: token.value, tokens: index..<index + 1)
        case .han: return readHanNumeral(at: index)
        case .word: return readWordNumeral(at: index) ?? readOrdinal(at: index)
        case .identifier, .symbol, .pause: return nil
        }
    }

    /// Multiplies by the scales that follow: `1.5 million`, `3万`.
    private func scaled(_ numeral: Numeral) -> Numeral {
        var numeral = numeral
        while let sense = sense(numeral.tokens.upperBound), sense.scale > 0,
            let product = numeral.value.multiplied(by: ExactDecimal(mantissa: sense.scale))
        {
            numeral.value = product
            numeral.tokens = numeral.tokens.lowerBound..<numeral.tokens.upperBound + 1
        }
        return numeral
    }

    // MARK: - English

    private func readWordNumeral(at start: Int) -> Numeral? {
        guard let first = sense(start), first.numeral >= 0 else { return nil }
        if tokens[start].hash == Self.one, !isCountingOne(start) { return nil }
        var sum = CheckedSum()
        var index = start
        var hadScale = false
        reading: while let sense = sense(index), tokens[index].kind == .word {
            if sense.scale > 0, index > start {
                hadScale = true
                if sense.scale <= 100 { sum.scaleGroup(by: sense.scale) } else { sum.closeGroup(scale: sense.scale) }
            } else if sense.numeral >= 0,
                fits(sense.numeral, behind: sum.group, isFirst: index == start, hadScale: hadScale)
            {
                sum.add(sense.numeral)
            } else if tokens[index].hash == Self.and, hadScale, let next = self.sense(index + 1), next.numeral > 0,
                fits(next.numeral, behind: sum.group, isFirst: false, hadScale: true)
            {
                index += 1
                continue reading
            } else {
                break
            }
            index += 1
        }
        return numeral(sum, start..<index)
    }

    /// The number of some tokens; of one that does not fit a number of which only its words tell it from another.
    private func numeral(_ sum: CheckedSum, _ range: Range<Int>, isOrdinal: Bool = false) -> Numeral {
        let value = sum.value ?? unreadable(range)
        return Numeral(value: ExactDecimal(mantissa: value), tokens: range, isOrdinal: isOrdinal)
    }

    private func unreadable(_ range: Range<Int>) -> Int64 {
        let hash = tokens[range].reduce(TokenHash().value) { Lexicon.join($0, $1.hash) }
        return Int64(bitPattern: hash >> 1)
    }

    /// Whether a numeral continues the number: `twenty five` is one, `two five` is not.
    private func fits(_ numeral: Int64, behind group: Int64, isFirst: Bool, hadScale: Bool) -> Bool {
        if isFirst { return true }
        if group == 0 { return hadScale }
        return numeral < 10 ? group % 10 == 0 && group % 100 != 10 : group % 100 == 0
    }

    /// Whether `one` counts: before a scale or a unit, or behind a word that asks for a number of things.
    private func isCountingOne(_ index: Int) -> Bool {
        guard let next = sense(index + 1) else {
            return index + 1 < tokens.count && tokens[index + 1].kind == .word && (index == 0 || !isContent(index - 1))
                && sense(index - 1)?.question == QuestionType.none && !isPronounOpener(index - 1)
        }
        return next.scale > 0 || next.unit >= 0
    }

    private static let pronounOpeners = Set(
        ["this", "that", "which", "the", "no", "any", "every", "each", "some", "what", "is"].map { TokenHash.hash($0) }
    )

    private func isPronounOpener(_ index: Int) -> Bool {
        tokens.indices.contains(index) && Self.pronounOpeners.contains(tokens[index].hash)
    }

    private func readOrdinal(at index: Int) -> Numeral? {
        guard let ordinal = sense(index)?.ordinal, ordinal >= 0 else { return nil }
        // "a second" may be a moment; "the second" hardly is.
        if tokens[index].hash == Self.second {
            guard index > 0, flags(index - 1).contains(.determiner) || (sense(index - 1)?.person ?? .none) != .none
            else { return nil }
        }
        return Numeral(value: ExactDecimal(mantissa: ordinal), tokens: index..<index + 1, isOrdinal: true)
    }

    // MARK: - Chinese

    private func readHanNumeral(at start: Int) -> Numeral? {
        guard let first = sense(start), first.numeral >= 0 || tokens[start].hash == Self.hanTen else { return nil }
        var index = start
        var digits = CheckedSum()
        var onlyDigits = true
        var sum = CheckedSum()
        var digit: Int64 = 0
        while let sense = sense(index), tokens[index].kind == .han, index - start < 18 {
            if sense.numeral >= 0 {
                digits.append(sense.numeral)
                digit = sense.numeral
            } else if sense.scale > 0 {
                onlyDigits = false
                if sense.scale >= 10_000 {
                    sum.add(digit)
                    sum.closeGroup(scale: sense.scale)
                } else {
                    sum.add(max(1, digit), times: sense.scale)
                }
                digit = 0
            } else {
                break
            }
            index += 1
        }
        sum.add(digit)
        let isOrdinal = start > 0 && tokens[start - 1].hash == Self.hanOrdinal
        if index == start + 1, tokens[start].hash == Self.hanOne, !isOrdinal {
            // 一 counts before a unit; before 个 it may be no more than an article.
            let isPiece = index < tokens.count && tokens[index].hash == Self.hanPiece
            guard unit(at: index) != nil || isPiece else { return nil }
            return Numeral(value: ExactDecimal(mantissa: 1), tokens: start..<index, isImplied: isPiece)
        }
        return numeral(onlyDigits ? digits : sum, start..<index, isOrdinal: isOrdinal)
    }
}

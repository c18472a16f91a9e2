extension TextReader {
    /// What a number is about, by which numbers that changed places are told from a list in another order.
    ///
    /// `3 cats and 5 dogs`: 3 has the role of cats. `Multiply 3 by 4`: 3 is what stands behind `multiply`, 4 behind `by`.
    func role(of numeral: Numeral, through end: Int) -> UInt32 {
        let start = numeral.tokens.lowerBound
        if !quantities.isEmpty, isList(lastQuantityEnd..<max(lastQuantityEnd, start)) { return lastRole }
        return countedNoun(behind: max(end, numeral.tokens.upperBound)) ?? wordBefore(start)
    }

    /// The `s` of "the 70's and 80's".
    private static let plural = TokenHash.hash("s")

    /// Whether only `and`, `or` and commas stand there, and at least one of them.
    private func isList(_ range: Range<Int>) -> Bool {
        !range.isEmpty
            && range.allSatisfy { index in
                if tokens[index].kind == .pause {
                    let scalar = folded.scalars[tokens[index].range.lowerBound]
                    return scalar == 0x2C || scalar == 0x3001
                }
                return sense(index)?.connector == .coordinating || tokens[index].hash == Self.plural
            }
    }

    private func countedNoun(behind end: Int) -> UInt32? {
        for index in end..<max(end, min(tokens.count, end + 4)) {
            let token = tokens[index]
            guard token.kind == .word || token.kind == .han, sense(index)?.connector != .coordinating else {
                return nil
            }
            if isContent(index) { return (sense(index)?.numeral ?? -1) < 0 ? stem(index) : nil }
        }
        return nil
    }

    /// The word before a number; 1 if that is a number too, and 0 where a clause begins.
    private func wordBefore(_ start: Int) -> UInt32 {
        var index = start - 1
        while index >= 0, isTaken[index] || flags(index).contains(.determiner) { index -= 1 }
        guard index >= 0, tokens[index].kind != .pause else { return 0 }
        return tokens[index].kind == .number ? 1 : stem(index)
    }
}

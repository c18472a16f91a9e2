/// Fills in what a learned policy weighs.
enum PairFeatures {
    /// The features of every candidate, row by row.
    static func rows(
        _ question: AnalyzedText,
        _ candidates: ArraySlice<HitCandidate>,
        _ frequencies: DocumentFrequencies,
        _ risk: WordRisk
    ) -> [Float] {
        let count = PolicyFeature.count
        var rows = [Float](repeating: 0, count: candidates.count * count)
        for (position, index) in candidates.indices.enumerated() {
            rows.withUnsafeMutableBufferPointer { buffer in
                let row = UnsafeMutableBufferPointer(rebasing: buffer[position * count..<(position + 1) * count])
                fillPair(row, question, candidates[index], frequencies, risk)
                fillAnswer(row, candidates, index)
            }
        }
        return rows
    }

    // MARK: - The pair

    private static func fillPair(
        _ row: UnsafeMutableBufferPointer<Float>,
        _ question: AnalyzedText,
        _ candidate: HitCandidate,
        _ frequencies: DocumentFrequencies,
        _ risk: WordRisk
    ) {
        func set(_ feature: PolicyFeature, _ value: Float) { row[feature.rawValue] = value }
        let asked = question.features
        let stored = candidate.text.features
        set(.similarity, candidate.similarity)
        set(.contextSimilarity, candidate.contextSimilarity ?? candidate.similarity)
        set(.highSimilarity, max(0, candidate.similarity - 0.9))
        let words = compareWords(asked.stems, stored.stems, frequencies)
        set(.wordOverlap, words.overlap)
        set(.exchangedWord, min(words.left, words.right))
        set(.unmatchedWord, max(words.left, words.right))
        fillRisk(row, asked.stems, stored.stems, risk)
        set(.letterOverlap, Float(PairGuards.overlap(asked.trigrams, stored.trigrams)))
        set(.wordOrder, discordance(asked.words, stored.words))
        let lengths = (Float(asked.stems.count), Float(stored.stems.count))
        set(.lengthRatio, max(lengths.0, lengths.1) > 0 ? min(lengths.0, lengths.1) / max(lengths.0, lengths.1) : 1)
        set(.sameWords, asked.exactKey == stored.exactKey ? 1 : 0)
        let flags = PairGuards.flags(asked: question, stored: candidate.text)
        let quantities: GuardSet = [.numbers, .dates, .times, .units, .money, .identifiers]
        func has(_ set: GuardSet, _ kinds: GuardSet) -> Float { set.isDisjoint(with: kinds) ? 0 : 1 }
        set(.quantityConflict, has(flags.conflicts, quantities))
        set(.quantityDoubt, has(flags.doubts, quantities))
        set(.termConflict, has(flags.conflicts, [.terms, .language]))
        set(.termDoubt, has(flags.doubts, [.terms, .language]))
        set(.oppositeConflict, has(flags.conflicts, [.opposites, .comparison]))
        set(.negationConflict, has(flags.conflicts, .negation))
        set(.negationDoubt, has(flags.doubts, .negation))
        set(.directionConflict, has(flags.conflicts, .direction))
        set(.questionType, has(flags.conflicts, .questionType) + 0.5 * has(flags.doubts, .questionType))
        set(.tenseOrPerson, has(flags.conflicts, [.tense, .person]) + 0.5 * has(flags.doubts, [.tense, .person]))
        set(.nameConflict, has(flags.conflicts, .names))
        set(.nameDoubt, has(flags.doubts, .names))
    }

    private static func fillRisk(
        _ row: UnsafeMutableBufferPointer<Float>,
        _ left: [UInt32],
        _ right: [UInt32],
        _ risk: WordRisk
    ) {
        var highest: Float = 0
        var sum: Float = 0
        var count: Float = 0
        visitDifference(left, right) { word in
            let odds = risk.logOdds(of: word)
            highest = max(highest, odds)
            sum += odds
            count += 1
        }
        row[PolicyFeature.riskiestWord.rawValue] = highest
        row[PolicyFeature.meanWordRisk.rawValue] = count > 0 ? sum / count : 0
    }

    /// The words that only one of two questions has.
    static func differingWords(_ asked: AnalyzedText, _ stored: AnalyzedText) -> [UInt32] {
        var words: [UInt32] = []
        visitDifference(asked.features.stems, stored.features.stems) { words.append($0) }
        return words
    }

    /// Visits the digests that only one of two sorted lists has.
    private static func visitDifference(_ left: [UInt32], _ right: [UInt32], _ visit: (UInt32) -> Void) {
        var i = 0
        var j = 0
        while i < left.count || j < right.count {
            if j >= right.count || (i < left.count && left[i] < right[j]) {
                visit(left[i])
                i += 1
            } else if i >= left.count || left[i] > right[j] {
                visit(right[j])
                j += 1
            } else {
                i += 1
                j += 1
            }
        }
    }

    /// The weighted share of common words, and the rarity of the rarest word that either side has alone.
    private static func compareWords(
        _ left: [UInt32],
        _ right: [UInt32],
        _ frequencies: DocumentFrequencies
    ) -> (overlap: Float, left: Float, right: Float) {
        var common: Float = 0
        var union: Float = 0
        var rarest: (left: Float, right: Float) = (0, 0)
        var i = 0
        var j = 0
        while i < left.count || j < right.count {
            if j >= right.count || (i < left.count && left[i] < right[j]) {
                let rarity = frequencies.rarity(of: left[i])
                union += rarity
                rarest.left = max(rarest.left, rarity)
                i += 1
            } else if i >= left.count || left[i] > right[j] {
                let rarity = frequencies.rarity(of: right[j])
                union += rarity
                rarest.right = max(rarest.right, rarity)
                j += 1
            } else {
                let rarity = frequencies.rarity(of: left[i])
                common += rarity
                union += rarity
                i += 1
                j += 1
            }
        }
        return (union > 0 ? common / union : 1, rarest.left, rarest.right)
    }

    /// The share of pairs of common content words that stand in the other order.
    private static func discordance(_ left: [WordFact], _ right: [WordFact]) -> Float {
        withUnsafeTemporaryAllocation(of: Int.self, capacity: 32) { positions in
            var count = 0
            for word in left where word.flags.contains(.content) && count < 32 {
                guard let position = right.firstIndex(where: { $0.stem == word.stem }) else { continue }
                positions[count] = position
                count += 1
            }
            guard count > 1 else { return 0 }
            var inverted = 0
            for i in 0..<count {
                for j in i + 1..<count where positions[i] > positions[j] { inverted += 1 }
            }
            return Float(inverted) / Float(count * (count - 1) / 2)
        }
    }

    // MARK: - The answer

    private static func fillAnswer(
        _ row: UnsafeMutableBufferPointer<Float>,
        _ candidates: ArraySlice<HitCandidate>,
        _ index: Int
    ) {
        func set(_ feature: PolicyFeature, _ value: Float) { row[feature.rawValue] = value }
        let candidate = candidates[index]
        let similarity = candidate.similarity
        var nearestOther: Float?
        var nearestOtherAnswer: Float?
        var votes = 0
        for other in candidates.indices {
            let isSameAnswer = candidates[other].entry == candidate.entry
            if isSameAnswer { votes += 1 }
            if other != index { nearestOther = max(nearestOther ?? -1, candidates[other].similarity) }
            if !isSameAnswer { nearestOtherAnswer = max(nearestOtherAnswer ?? -1, candidates[other].similarity) }
        }
        set(.margin, similarity - (nearestOther ?? 0))
        set(.answerMargin, nearestOtherAnswer.map { similarity - $0 } ?? 0.2)
        set(.vote, Float(votes) / Float(candidates.count))
        set(.centroidSimilarity, candidate.centroidSimilarity ?? similarity)
        let statistics = candidate.statistics
        set(.answerSize, logOf(1 + statistics.questionCount))
        if statistics.judgedRight + statistics.judgedWrong > 0 {
            set(.answerRecord, logOf(statistics.judgedRight + 1) - logOf(statistics.judgedWrong + 1))
        }
        if let wrong = statistics.highestWrongSimilarity {
            set(.wasWrong, 1)
            set(.aboveWrong, similarity - wrong)
        }
        if let right = statistics.lowestRightSimilarity {
            set(.wasRight, 1)
            set(.belowRight, max(0, right - similarity))
        }
    }

    private static func logOf(_ count: Int) -> Float { naturalLogarithm(Float(max(1, count))) }
}

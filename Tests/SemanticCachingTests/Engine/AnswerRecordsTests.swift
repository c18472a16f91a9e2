import Testing

@testable import SemanticCaching

@Suite struct AnswerRecordsTests {
    private let entry = EntryID(high: 1, low: 1)

    @Test func judgementsAreOfAnswersThatAreThere() {
        let records = AnswerRecords()
        records.add([1, 0], to: entry)
        records.count(isRight: true, at: 0.9, for: entry)
        #expect(records.judged.statistics[entry]?.judgedRight == 1)
        // The judge is slow: the answer is gone when it speaks.
        records.remove([entry])
        records.count(isRight: false, at: 0.9, for: entry)
        records.countHit(of: entry)
        #expect(records.judged.statistics.isEmpty)
        #expect(records.evidence(of: entry, for: [1, 0], similarity: 1).statistics.judgedWrong == 0)
    }

    @Test func whatWasJudgedBeforeAStartIsGoneOnWith() {
        let earlier = AnswerStatistics(judgedRight: 2, judgedWrong: 1, questionCount: 0)
        let records = AnswerRecords(judged: JudgedAnswers([entry: earlier]))
        records.count(isRight: true, at: 0.9, for: entry)
        #expect(records.judged.statistics[entry]?.judgedRight == 3)
    }
}

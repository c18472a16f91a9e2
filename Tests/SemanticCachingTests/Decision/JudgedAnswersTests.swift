import SemanticCaching
import Testing

@Suite struct JudgedAnswersTests {
    private static func id(_ number: UInt64) -> EntryID { EntryID(high: number, low: ~number) }

    private static let some = JudgedAnswers([
        id(1): AnswerStatistics(judgedRight: 3, judgedWrong: 1, questionCount: 0, highestWrongSimilarity: 0.9),
        id(2): AnswerStatistics(judgedRight: 1, questionCount: 0, lowestRightSimilarity: 0.75),
    ])

    @Test func whatWasStoredIsReadAgain() throws {
        let bytes = Self.some.bytes(embeddingModel: "m")
        #expect(bytes.count == 16 + 2 * 32)
        #expect(JudgedAnswers(bytes, embeddingModel: "m") == Self.some)
        #expect(Self.some.bytes(embeddingModel: "m") == bytes)
        #expect(JudgedAnswers(JudgedAnswers([:]).bytes(embeddingModel: "m"), embeddingModel: "m")?.statistics == [:])
    }

    @Test func answersThatNobodyJudgedAreLeftOut() throws {
        var judged = Self.some
        judged.statistics[Self.id(3)] = AnswerStatistics(hits: 9)
        #expect(JudgedAnswers(judged.bytes(embeddingModel: "m"), embeddingModel: "m") == Self.some)
    }

    @Test func damageAndOtherModelsAreRefused() {
        let bytes = Self.some.bytes(embeddingModel: "m")
        #expect(JudgedAnswers(bytes, embeddingModel: "n") == nil)
        #expect(JudgedAnswers([], embeddingModel: "m") == nil)
        for length in [1, 15, 17, 47, bytes.count - 1] {
            #expect(JudgedAnswers(Array(bytes.prefix(length)), embeddingModel: "m") == nil, "\(length) bytes")
        }
        var other = bytes
        other[0] ^= 1
        #expect(JudgedAnswers(other, embeddingModel: "m") == nil)
        var infinite = bytes
        infinite.replaceSubrange(16 + 24..<16 + 28, with: [0, 0, 0x80, 0x7F])
        #expect(JudgedAnswers(infinite, embeddingModel: "m") == nil)
    }

    @Test func thoseThatWereJudgedMostAreKept() throws {
        var judged = JudgedAnswers([:])
        for number in 0..<UInt64(JudgedAnswers.limit + 50) {
            judged.statistics[Self.id(number)] = AnswerStatistics(judgedRight: number < 50 ? 1 : 2, questionCount: 0)
        }
        let read = try #require(JudgedAnswers(judged.bytes(embeddingModel: "m"), embeddingModel: "m"))
        #expect(read.statistics.count == JudgedAnswers.limit)
        #expect(read.statistics.values.allSatisfy { $0.judgedRight == 2 })
    }
}

import SemanticCaching
import Testing

@Suite struct SimilarityJudgeTests {
    private struct Unavailable: Error {}
    private let question = AnalyzedText("how long does a refund take?")

    private func judge(_ similarity: Float) -> SimilarityJudge { SimilarityJudge { _, _ in similarity } }

    @Test func equalWordsNeedNoVectors() async {
        let judge = SimilarityJudge { _, _ in throw Unavailable() }
        #expect(
            await judge.isSameAnswer(fresh: "It takes 3 days.", stored: "it takes 3 days", question: question) == true
        )
        #expect(await judge.isSameAnswer(fresh: "Soon.", stored: "It takes 3 days.", question: question) == nil)
    }

    @Test func numbersOutrankSimilarity() async {
        let judge = judge(0.99)
        #expect(
            await judge.isSameAnswer(fresh: "It takes 3 days.", stored: "It takes 5 days.", question: question) == false
        )
        #expect(
            await judge.isSameAnswer(fresh: "It takes two weeks.", stored: "It takes 14 days.", question: question)
                == true
        )
        #expect(
            await judge.isSameAnswer(fresh: "It is refundable.", stored: "It is not refundable.", question: question)
                == false
        )
    }

    @Test func betweenTheThresholdsItCannotTell() async {
        #expect(
            await judge(0.95).isSameAnswer(fresh: "In a while.", stored: "It takes time.", question: question) == true
        )
        #expect(
            await judge(0.85).isSameAnswer(fresh: "In a while.", stored: "It takes time.", question: question) == nil
        )
        #expect(
            await judge(0.5).isSameAnswer(fresh: "In a while.", stored: "It takes time.", question: question) == false
        )
    }
}

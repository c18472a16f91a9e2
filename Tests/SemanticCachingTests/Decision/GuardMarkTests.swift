import SemanticCaching
import Testing

/// Marks, symbols and digits that an uncased vocabulary strips or does not have.
@Suite struct GuardMarkTests {
    static let different: [(String, String)] = [
        ("What is the capital of 🇫🇷?", "What is the capital of 🇩🇪?"),
        ("What does 👍 mean?", "What does 👎 mean?"),
        ("what is ♂", "what is ♀"),
        ("wie funktioniert drucken", "wie funktioniert drücken"),
        ("was heißt schon", "was heißt schön"),
        ("que es un ano", "que es un año"),
        ("かき", "がき"),
        ("ไม่", "ไม้"),
        ("की", "के"),
        ("what is in chapter Ⅳ", "what is in chapter Ⅵ"),
        ("ما هو ٣", "ما هو ٤"),
        ("how do I get to cafe Paul", "how do I get to café Pául"),
    ]

    static let same: [(String, String)] = [
        ("où est le caf\u{E9}", "où est le cafe\u{301}"),
        ("WO IST DAS CAFÉ", "wo ist das café"),
        ("thanks, reset my password 😊", "thanks, reset my password"),
        ("I ❤️ Paris", "I ❤ Paris"),
        ("order ٣٤", "order 34"),
        ("chapter Ⅳ", "chapter 4"),
        ("“reset” my password…", "\"reset\" my password"),
        ("我的订单在哪里？", "我的订单在哪里"),
        ("１２ Äpfel", "12 Äpfel"),
        ("schreibt man schon oder schön", "schreibt man nun schon oder schön"),
    ]

    @Test(arguments: different)
    func marksTellQuestionsApart(_ first: String, _ second: String) { expectApart(first, second) }

    @Test(arguments: same)
    func spellingsOfOneTextAreEqual(_ first: String, _ second: String) { expectAlike(first, second) }

    // MARK: - What the model does not know

    private func decide(_ asked: String, _ stored: String, unknown: Float?) -> HitDecision {
        let candidate = HitCandidate(
            questionID: 1,
            entry: EntryID(high: 0, low: 1),
            text: AnalyzedText(stored),
            similarity: 1
        )
        let context = DecisionContext(namespace: NamespaceID(), threshold: 0.9, unknownTokenShare: unknown)
        return GuardedThresholdPolicy().decide(AnalyzedText(asked), among: [candidate], context: context)
    }

    @Test(arguments: [("what is 魑", "what is 魅"), ("reset my 魑 password", "reset my password"), ("say 🙂", "say 🙃")])
    func oneUnknownTokenAsksForTheVerySameWords(_ asked: String, _ stored: String) {
        #expect(decide(asked, stored, unknown: 0.05).reason == .unknownToModel)
        #expect(decide(asked, asked.uppercased() + "!", unknown: 0.05).outcome == .accept)
    }

    @Test func whatOnlyTheStoredQuestionHasIsLookedAtToo() {
        #expect(decide("capital of France", "capital of France 🇩🇪", unknown: 0).reason == .unknownToModel)
        #expect(decide("capital of France", "Capital of France?", unknown: 0).outcome == .accept)
    }

    @Test func aModelThatDoesNotTellIsBelieved() {
        #expect(decide("reset my password 😊", "reset my password", unknown: nil).outcome == .accept)
    }
}

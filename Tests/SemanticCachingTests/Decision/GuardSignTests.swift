import SemanticCaching
import Testing

/// Signs are dropped by the eye that reads words, and by embedding models.
@Suite struct GuardSignTests {
    static let different: [(String, String)] = [
        ("Convert -40 C to F", "Convert 40 C to F"),
        ("What is −40 °C in Fahrenheit?", "What is 40 °C in Fahrenheit?"),
        ("List orders with total > 100", "List orders with total < 100"),
        ("What does a <= b mean?", "What does a >= b mean?"),
        ("What time is it in GMT+5?", "What time is it in GMT-5?"),
        ("What does chmod +x do?", "What does chmod -x do?"),
        ("A change of +5%", "A change of -5%"),
        ("Can A+ donate to O-?", "Can A- donate to O+?"),
        ("Is B+ a good grade?", "Is B- a good grade?"),
        ("How much is 10^5?", "How much is 10^-5?"),
        ("How much is 10²?", "How much is 102?"),
        ("what does > do in bash", "what does >> do in bash"),
        ("what does x++ return", "what does ++x return"),
        ("what does x-- return", "what does x++ return"),
        ("How do I learn C#?", "How do I learn C?"),
        ("How do I learn C++?", "How do I learn C?"),
        ("what is 12 + 4", "what is 12 - 4"),
        ("what is 12*4", "what is 12/4"),
        ("what is 2**3", "what is 2*3"),
        ("what is 5! + 3", "what is 5 + 3"),
        ("if x == 1 return y", "if x != 1 return y"),
        ("What is 5% of 100?", "What is 5 of 100?"),
        ("is it 3 ≤ 4", "is it 3 ≥ 4"),
        ("a && b", "a || b"),
    ]

    static let same: [(String, String)] = [
        ("What is an ATM?", "what is an atm"),
        ("How do I reset my password?", "HOW DO I RESET MY PASSWORD!!!"),
        ("my e-mail address", "my email address"),
        ("How do I set up Wi-Fi?", "how do i set up wifi"),
        ("open at 10 am?", "open at 10:00?"),
        ("covid-19 tests", "covid19 tests"),
        ("Hello - how are you", "Hello, how are you"),
        ("Hello -- how are you", "Hello — how are you"),
        ("- reset my password", "reset my password"),
        ("* reset my password", "reset my password"),
        ("how do I **reset** my *password*", "how do I reset my password"),
        ("> how do I reset it", "how do I reset it"),
        ("where is order #123?", "where is order 123"),
        ("what happened on 2024-05-01", "what happened on 2024/05/01"),
        ("Where is parcel AB-1234?", "where is parcel ab1234"),
        ("is it free?!", "is it free"),
        ("tea and/or coffee", "tea and / or coffee"),
        ("what is the 2nd step", "what is the second step"),
        ("what about Q&A", "what about QA"),
        ("what is new\nin it", "what is new in it"),
        ("what is 5 + 3?", "What is 5 + 3"),
        ("one\n---\ntwo", "one two"),
    ]

    @Test(arguments: different)
    func signsTellQuestionsApart(_ first: String, _ second: String) { expectApart(first, second) }

    @Test(arguments: same)
    func punctuationDoesNot(_ first: String, _ second: String) { expectAlike(first, second) }

    @Test func answersThatDifferInASignAreNotTheSame() {
        let judge = SimilarityJudge { _, _ in 1 }
        let fresh = AnalyzedText("The change is +5% a year.")
        let stored = AnalyzedText("The change is -5% a year.")
        #expect(judge.isSameAnswer(fresh: fresh, stored: stored, similarity: 1) == false)
        #expect(
            judge.isSameAnswer(fresh: fresh, stored: AnalyzedText("the change is +5% a year"), similarity: 0) == true
        )
    }
}

import SemanticCaching
import Testing

/// Which numbers, how often, and which of them where.
@Suite struct GuardNumberTests {
    private static func sum(_ numbers: [Int]) -> String {
        "What is " + numbers.map(String.init).joined(separator: " + ") + "?"
    }

    static let different: [(String, String)] = [
        ("what is 12 - 4", "what is 4 - 12"),
        ("what is 2 + 2 + 3", "what is 2 + 3 + 3"),
        ("3 cats and 5 dogs, how many cats?", "5 cats and 3 dogs, how many cats?"),
        ("Multiply 3 by 4 and add 5", "Multiply 4 by 5 and add 3"),
        ("add 10 and 3, then 7 and 2", "add 10 and 2, then 7 and 3"),
        ("what is the ratio 3:4", "what is the ratio 4:3"),
        ("did we win 3-1", "did we win 1-3"),
        ("divide 12 by 4", "divide 4 by 12"),
        ("5 km in 2 hours and 3 km on foot", "3 km in 2 hours and 5 km on foot"),
        ("if x = 3 and y = 4", "if x = 4 and y = 3"),
        ("what does a = b do", "what does b = a do"),
        ("what does x = y do", "what does y = x do"),
        ("is x > y", "is y > x"),
        ("Does a imply b?", "Does b imply a?"),
        (sum(Array(1...20)), sum(Array(2...20) + [1])),
        (sum(Array(1...70)), sum(Array(1...69) + [71])),
        (sum(Array(1...70)), sum(Array(1...65) + [67, 66, 68, 69, 70])),
        (sum(Array(1...70)), sum(Array(1...64))),
    ]

    static let same: [(String, String)] = [
        ("2 adults and 1 child", "1 child and 2 adults"),
        ("a number between 5 and 10", "a number between 10 and 5"),
        ("compare 3 or 4", "compare 4 or 3"),
        ("rooms 3, 4 and 5", "rooms 5, 4 and 3"),
        ("flights on May 5 for 2 people", "flights for 2 people on May 5"),
        ("I have 2 kids and 3 cats", "with 3 felines and 2 children"),
        ("iPhone 12 vs iPhone 13", "iPhone 13 vs iPhone 12"),
        ("is it 5 km, I ran 5 km", "is it 5 km"),
        ("from 5 to 7", "to 7 from 5"),
        ("a 70's and 80's bedroom", "an 80's and 70's bedroom"),
        ("I got $20, but requested $100", "I wanted $100 but got $20"),
        ("should I buy iPhone 7 or iPhone 6S", "should I buy the iPhone 6S now or wait for iPhone 7"),
        ("a week and 3 days", "3 days and a week"),
        ("difference between a and b", "difference between b and a"),
        ("is there a plan b", "is there the plan b"),
        ("what is a good book", "what is the good book"),
        ("what is 3 plus 4", "what is 4 plus 3"),
        (sum(Array(1...70)), sum(Array(1...70)).uppercased() + " "),
        (sum(Array(1...70)), "Tell me: " + sum(Array(1...70))),
    ]

    @Test(arguments: different)
    func numbersAndTheirPlacesTellQuestionsApart(_ first: String, _ second: String) { expectApart(first, second) }

    @Test(arguments: same)
    func otherOrdersOfTheSamePass(_ first: String, _ second: String) { expectAlike(first, second) }
}

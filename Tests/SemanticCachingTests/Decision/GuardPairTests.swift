import SemanticCaching
import Testing

/// A pair of questions, the guard that must forbid it, or none.
struct GuardCase: Sendable, CustomTestStringConvertible {
    let first: String
    let second: String
    let expected: GuardSet

    init(_ first: String, _ second: String, _ expected: GuardSet) {
        self.first = first
        self.second = second
        self.expected = expected
    }

    var testDescription: String { "\(first) / \(second)" }
}

@Suite struct GuardPairTests {
    @Test(arguments: english + chinese)
    func conflictsAreFound(_ pair: GuardCase) {
        let flags = PairGuards.flags(asked: AnalyzedText(pair.first), stored: AnalyzedText(pair.second))
        #expect(!flags.conflicts.isDisjoint(with: pair.expected), "found \(flags.conflicts.names)")
    }

    @Test(arguments: paraphrases)
    func paraphrasesPass(_ pair: GuardCase) {
        let flags = PairGuards.flags(asked: AnalyzedText(pair.first), stored: AnalyzedText(pair.second))
        #expect(flags.conflicts.subtracting(.names).isEmpty, "found \(flags.conflicts.names)")
    }

    @Test(arguments: english + chinese + paraphrases)
    func vetoesAreSymmetric(_ pair: GuardCase) {
        let first = AnalyzedText(pair.first)
        let second = AnalyzedText(pair.second)
        #expect(
            PairGuards.flags(asked: first, stored: second).conflicts
                == PairGuards.flags(asked: second, stored: first).conflicts
        )
    }

    @Test(arguments: english + chinese + paraphrases)
    func equalTextIsNeverForbidden(_ pair: GuardCase) {
        for text in [pair.first, pair.second] {
            let flags = PairGuards.flags(asked: AnalyzedText(text), stored: AnalyzedText(text.uppercased() + "  "))
            #expect(flags.conflicts.isEmpty, "\(text): \(flags.conflicts.names)")
        }
    }

    static let english: [GuardCase] = [
        GuardCase("Cancel order 787", "Please cancel my order 747", .numbers),
        GuardCase("Cancel order 28792", "Cancel order 98792", .identifiers),
        GuardCase("Where is parcel AB-1234?", "Where is parcel AB-1235?", .identifiers),
        GuardCase("mail it to ann@example.com", "mail it to bob@example.com", .identifiers),
        GuardCase("open https://a.example.com/x", "open https://a.example.com/y", .identifiers),
        GuardCase("what does foo_bar() return?", "what does foo_baz() return?", .identifiers),
        GuardCase("changes in version 1.2.3", "changes in version 1.2.4", .identifiers),
        GuardCase("what is new in Python 3.1?", "what is new in Python 3.10?", .numbers),
        GuardCase("a room for two guests", "a room for ten guests", .numbers),
        GuardCase("I run 5 km every day", "I run 5 miles every day", .units),
        GuardCase("convert 10 miles to kilometers", "convert 10 miles to meters", .units),
        GuardCase("can I return it within 2 weeks?", "can I return it within 2 months?", .units),
        GuardCase("send $10 to Ann", "send 10 euros to Ann", .money),
        GuardCase("send $10 to Ann", "send $100 to Ann", .money),
        GuardCase("open on Monday?", "open on Tuesday?", .dates),
        GuardCase("what happened on May 1?", "what happened on May 2?", .dates),
        GuardCase("flights on 2024-05-01", "flights on 2024-05-02", .dates),
        GuardCase("wake me at 7 am", "wake me at 7 pm", .times),
        GuardCase("wake me at 7:30", "wake me at 7:45", .times),
        GuardCase("weather in the morning", "weather in the evening", .times),
        GuardCase("which foods are safe for dogs?", "which foods are not safe for dogs?", .negation),
        GuardCase("my order arrived", "my order never arrived", .negation),
        GuardCase("recipes with nuts", "recipes without nuts", .negation),
        GuardCase("Can I return an item?", "Can't I return an item?", .negation),
        GuardCase("send me marketing emails", "stop sending me marketing emails", .negation),
        GuardCase("enable dark mode", "disable dark mode", .opposites),
        GuardCase("turn the lights on", "turn the lights off", .opposites),
        GuardCase("how do I freeze my card?", "how do I unfreeze my card?", .opposites),
        GuardCase("how do I merge two accounts?", "how do I split two accounts?", .opposites),
        GuardCase("which plan has a higher limit?", "which plan has a lower limit?", .comparison),
        GuardCase("can I use it indoors?", "can I use it outdoors?", .opposites),
        GuardCase("upgrade my plan", "downgrade my plan", .opposites),
        GuardCase("connect my bank account", "disconnect my bank account", .opposites),
        GuardCase("turn the valve clockwise", "turn the valve anticlockwise", .opposites),
        GuardCase("what to do before surgery", "what to do after surgery", .opposites),
        GuardCase("is it legal to record calls?", "is it illegal to record calls?", .opposites),
        GuardCase("flights from Boston to Denver", "flights from Denver to Boston", .direction),
        GuardCase("convert JSON to XML", "convert XML to JSON", .direction),
        GuardCase("did the dog bite the man?", "did the man bite the dog?", .direction),
        GuardCase("I want the answer as JSON", "I want the answer as YAML", .terms),
        GuardCase("the cheapest flight to Rome", "the most expensive flight to Rome", .comparison),
        GuardCase("hotels with at least 50 rooms", "hotels with at most 50 rooms", .comparison),
        GuardCase("how tall is the tower?", "how old is the tower?", .questionType),
        GuardCase("what is my name?", "what is your name?", .person),
        GuardCase("how old am I?", "how old are you?", .person),
        GuardCase("what is the price of gold?", "what was the price of gold?", .tense),
        GuardCase("write the reply in English", "write the reply in French", .language),
        GuardCase("where is my order?", "我的订单在哪里？", .language),
    ]

    static let chinese: [GuardCase] = [
        GuardCase("取消订单445369", "取消订单425369", .identifiers),
        GuardCase("三天内可以退货吗", "七天内可以退货吗", .units),
        GuardCase("借一万元利息多少", "借十万元利息多少", .money),
        GuardCase("5月1日的航班", "5月2日的航班", .dates),
        GuardCase("下午3点开会", "上午3点开会", .times),
        GuardCase("周一开门吗", "周二开门吗", .dates),
        GuardCase("我收到退款了", "我没收到退款", .negation),
        GuardCase("我能登录账号", "我登录不了账号", .negation),
        GuardCase("如何开通自动续费", "如何关闭自动续费", .opposites),
        GuardCase("把英文翻译成中文", "把中文翻译成英文", .direction),
        GuardCase("人民币换美元", "美元换人民币", .direction),
        GuardCase("怎么合并两个账号", "怎么拆分两个账号", .opposites),
        GuardCase("哪个套餐额度更高", "哪个套餐额度更低", .comparison),
        GuardCase("室内可以用吗", "室外可以用吗", .opposites),
        GuardCase("男款有货吗", "女款有货吗", .terms),
        GuardCase("还款日是几号", "账单日是几号", .terms),
    ]

    static let paraphrases: [GuardCase] = [
        GuardCase("I owe 1,000 dollars", "I owe one thousand dollars", []),
        GuardCase("I owe $1k", "I owe 1000 USD", []),
        GuardCase("return within 2 weeks", "return within 14 days", []),
        GuardCase("it is 1.5 km away", "it is 1500 m away", []),
        GuardCase("it takes half an hour", "it takes 30 minutes", []),
        GuardCase("wake me at 7 pm", "wake me at 19:00", []),
        GuardCase("lunch at noon", "lunch at 12 pm", []),
        GuardCase("what happened on September 24?", "what happened on the 24th of September?", []),
        GuardCase("flights on 2024-05-01", "flights on 5/1/2024", []),
        GuardCase("set the oven to 200 °C", "set the oven to 200 celsius", []),
        GuardCase("ten percent off", "10% off", []),
        GuardCase("twenty-five tickets", "25 tickets", []),
        GuardCase("two hundred and five rooms", "205 rooms", []),
        GuardCase("my internet is not working", "my internet isn't working", []),
        GuardCase("I have not received my refund", "I haven't got my refund yet", []),
        GuardCase("I do not have my PIN yet", "I have yet to get my PIN", []),
        GuardCase("I can't find the PIN.", "How do I find my PIN?", []),
        GuardCase("the amount is not correct", "the amount is wrong", []),
        GuardCase("I don't know how to reset my password", "how do I reset my password?", []),
        GuardCase("flights from Boston to Denver", "flights to Denver from Boston", []),
        GuardCase("turn off the kitchen lights", "switch the kitchen lights off", []),
        GuardCase("difference between cats and dogs", "difference between dogs and cats", []),
        GuardCase("how do I reset my password", "how do you reset your password", []),
        GuardCase("my card payment doesn't work", "my card payment didn't work", []),
        GuardCase("why was I charged twice?", "why am I being charged twice?", []),
        GuardCase("is the office open on Thursday?", "will the office be open on Thursday?", []),
        GuardCase("借一万元利息多少", "借10000元利息多少", []),
        GuardCase("三天内可以退货吗", "３天内能退货吗", []),
        GuardCase("可以开发票吗", "能不能开发票", []),
        GuardCase("下午3点半开会", "15:30开会", []),
        GuardCase("会员怎么续费", "怎么续费会员", []),
        GuardCase("十分感谢您的帮助", "非常感谢您的帮助", []),
    ]
}

import SemanticCaching
import Testing

@Suite struct StandAloneDetectorTests {
    private let detector = StandAloneDetector.standard

    @Test(arguments: [
        "How do I reset my password?", "Can I return shoes without a receipt?", "What is the capital of France?",
        "How much does shipping to Canada cost?", "Do you accept American Express cards?",
        "Which documents do I need to open a savings account?", "How long does a refund to a credit card take?",
        "Where can I find opening hours for Berlin?", "What happens if I miss a loan payment?",
        "Is there a fee for withdrawing cash in Spain?", "How do I change my delivery address?",
        "Does my travel insurance cover skiing accidents?", "Can I pay for a subscription by bank transfer?",
        "What are visa requirements for Brazil?", "How do I export my contacts from Gmail to Outlook?",
        "Is a Berlin flight cheaper than a Munich flight?", "What is the difference between HTTP and HTTPS?",
        "How do I change my first name on a boarding pass?", "How does Bitcoin mining work?",
        "Can you deliver parcels to Norway?", "Does Netflix charge for downloads?",
    ]) func standsAlone(question: String) {
        #expect(detector.dependence(of: question) == nil, "\(question)")
    }

    @Test(arguments: [
        "How old is he?", "Where does she live?", "Is it open on Sunday?", "How much does that cost?",
        "Can you send them to my office?", "What about London?", "How about tomorrow morning?", "And in Spain?",
        "But why is my card declined?", "Why?", "Yes", "Sure, go ahead and book", "The second one please",
        "What is its warranty period?", "Is there parking there?", "Tell me more about shipping costs",
        "Do you have anything cheaper?", "Which is better for travelling abroad?", "Cancel the order",
        "What is the price?", "What is the total cost?", "Can I do that online with my phone?",
        "Does he have any brothers or sisters?", "Repeat your last answer in French",
        "What else do I need to open an account?",
        "Is there another flight to Berlin?", "Explain option 2 to my mother", "What did you mean by processing fee?",
        "Can I?", "How does he compare to Obama?", "it's broken, how do I fix my screen",
        "Who's their biggest customer",
        "Translate to German", "Continue", "In that case, how do I cancel my subscription?",
        "Same question for business accounts", "How many of them have a balcony?", "Does the room have a balcony?",
        "I want the cheapest", "Book a table for two people then", "Show me a different hotel in Rome",
        "How do I get there from Paris?", "When was this policy introduced?", "Do both cards work in Japan?",
        "What did she say about taxes in Germany?", "Ok thanks, how do I pay my bill?",
        "Anything else I should know about customs in Norway?", "Does step 3 apply to business customers?",
        "reset password email", "I leave from NYC.", "what bus station?", "What bus station will I reach?",
        "Was the song released in 2019?", "Can you also tell me a joke about cats?", "Sounds good to me.",
        "In Toronto, Ontario please",
        "Is outdoor seating available?", "A party of four for dinner", "I would like to fly out on the 7th of March.",
        "Find me some movies online", "How much does a cab cost?", "¿Cómo restablezco mi contraseña?",
        "Как сбросить пароль?", "", "???", "42",
        // A thing that nobody owns: of which hotel, shop, course?
        "What time does check-in start?", "How long does shipping take?", "When does registration open?",
        "Is breakfast served on Sundays?", "Is there a swimming pool?", "How much are concert tickets?",
        "Does delivery take long in summer?", "What Time Does Check-In Start?", "Are pets welcome at night?",
        "Is there free parking during weekends?", "How is payment handled?", "When are rooms cleaned?",
        "Can you find me some attractions?", "Could you book a double room tomorrow?", "How much per night?",
        "Could you get me alternative residences?", "Can you tell me the price of a ticket?",
        "Can you find some attractions? Perhaps a garden?",
    ]) func mayLeanOnTheContext(question: String) {
        #expect(detector.dependence(of: question) != nil, "\(question)")
    }

    @Test(arguments: [
        "怎么重置登录密码？", "请问如何申请信用卡提前还款？", "法国的首都是哪里？", "上海到北京的高铁票多少钱？", "我想修改收货地址怎么操作？",
        "信用卡账单日是每月几号？", "如何用 iPhone 连接公司 VPN？", "在日本使用银联卡取现手续费是多少？", "國際運費如何計算？",
        "退货需要提供购买发票吗？", "怎么归还租借的充电宝？", "会员积分怎么兑换成优惠券？", "行李丢失后怎么申请赔偿？",
        "上海迪士尼门票多少钱？",
    ]) func standsAloneInChinese(question: String) {
        #expect(detector.dependence(of: question) == nil, "\(question)")
    }

    @Test(arguments: [
        "他多大了？", "她住在哪里？", "它支持无线充电吗？", "这个多少钱？", "那个航班几点起飞？", "多少钱？", "为什么？", "然后怎么申请信用卡？",
        "还有其他颜色可以选择吗？", "那上海的天气怎么样？", "上海呢？", "可以申请退货吗？", "价格是多少？", "更便宜的酒店有吗？", "第二个方案的费用是多少？",
        "我住在北京朝阳区望京街道", "一张明天到上海的高铁票", "刚才说的优惠活动截止日期是哪天？", "好的，帮我预订一间双人房", "继续", "换一家附近的餐厅", "请再说一遍退款流程",
        "以上产品支持分期付款吗？",
        "如果逾期还款会有罚息吗？", "他们公司的总部地址在哪里？", "該產品保固期多長？", "這款手機支援防水嗎？", "前者的年费是多少？", "不同套餐的区别是什么？",
        "入住时间是几点开始？", "请问运费怎么计算？", "早餐包含在房费里吗？", "停车场怎么收费？", "门票可以退吗？",
    ]) func mayLeanOnTheContextInChinese(question: String) {
        #expect(detector.dependence(of: question) != nil, "\(question)")
    }

    @Test func saysWhy() {
        #expect(detector.dependence(of: "How old is he?") == .refersBack("he"))
        #expect(detector.dependence(of: "What about London?") == .continues("what about"))
        #expect(detector.dependence(of: "What is the price?") == .refersBack("the price"))
        #expect(detector.dependence(of: "I leave from NYC.") == .isNoQuestion)
        #expect(detector.dependence(of: "他多大了？") == .refersBack("他"))
        #expect(detector.dependence(of: "Как сбросить пароль?") == .isForeign)
        #expect(detector.dependence(of: "多少钱？") == .continues("多少"))
    }
}

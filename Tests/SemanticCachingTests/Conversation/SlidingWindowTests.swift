import SemanticCaching
import SemanticCachingTesting
import StrictJSON
import Testing

@Suite struct SlidingWindowTests {
    private func window(length: Int = 6, block: Int = 8, tokens: Int? = nil) -> SlidingWindow {
        var settings = ConversationSettings()
        (settings.windowLength, settings.blockLength, settings.windowTokens) = (length, block, tokens)
        return SlidingWindow(settings)
    }

    /// `turns` questions with their answers, and a last question.
    private func conversation(turns: Int) -> [ChatMessage] {
        [.system("Be brief.")]
            + (0..<turns).flatMap { [ChatMessage.user("question \($0)"), .assistant("answer \($0)")] }
            + [.user("question \(turns)")]
    }

    @Test func shortConversationsAreSentWhole() {
        let cut = window().cut(conversation(turns: 6))
        #expect(cut.boundaries.isEmpty)
        #expect(cut.tail == 1..<14)
    }

    @Test func theTailHasAtLeastTheWindowAndLessThanABlockMore() {
        for turns in 0..<120 {
            let messages = conversation(turns: turns)
            let cut = window().cut(messages)
            #expect(cut.tail.upperBound == messages.count)
            guard let first = cut.boundaries.first else { continue }
            #expect(first == 9)
            #expect(cut.tail.count >= 6 && cut.tail.count < 6 + 8)
            #expect(cut.boundaries.allSatisfy { messages[$0].role == .user })
            #expect(zip([1] + cut.boundaries, cut.boundaries).allSatisfy { $1 - $0 == 8 })
        }
    }

    @Test func aBoundaryDependsOnNothingBehindIt() {
        var generator = SeededGenerator.announced(seed: 5)
        for _ in 0..<50 {
            var messages: [ChatMessage] = [.system("s")]
            var last: [Int] = []
            for _ in 0..<80 {
                let role: ChatRole = [.user, .assistant, .tool].randomElement(using: &generator) ?? .user
                messages.append(ChatMessage(role, "m"))
                let boundaries = window().cut(messages).boundaries
                #expect(boundaries.starts(with: last))
                last = boundaries
            }
        }
    }

    @Test func callsAndTheirResultsStayTogether() {
        var messages = conversation(turns: 3)
        for index in 0..<10 {
            messages.append(
                ChatMessage(role: .assistant, content: nil, extra: ["tool_calls": [["id": .integer(index)]]])
            )
            messages.append(ChatMessage(role: .tool, content: .text("r"), extra: ["tool_call_id": .integer(index)]))
        }
        messages += [.assistant("Done."), .user("Thanks. And now?")]
        let cut = window(length: 1).cut(messages)
        // The long run of calls has no message of the user at which it could be cut.
        #expect(cut.boundaries == [messages.count - 1])
    }

    @Test func theTokenBudgetGivesUpOlderBlocks() {
        let messages = conversation(turns: 40)
        let counter = EstimatedTokenCounter()
        let wide = window(length: 40).cut(messages, counter: counter)
        let tight = window(length: 40, tokens: 150).cut(messages, counter: counter)
        func tokens(_ cut: SlidingWindow.Cut) -> Int { messages[cut.tail].reduce(0) { $0 + counter.count($1) } }
        #expect(tokens(wide) > 150)
        #expect(tokens(tight) <= 150)
        #expect(tight.boundaries.starts(with: wide.boundaries))
    }
}

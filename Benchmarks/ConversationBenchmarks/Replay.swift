import SemanticCaching
import SemanticCachingTesting
import Synchronization

/// Plays conversations to a cache and a model that knows what each of them must be answered.
///
/// Each conversation is played three times: as it is, once more in the same words, and with another second half. The
/// model's answer carries a mark of the whole conversation, so that an answer to another one is told from it.
struct Replay {
    static let seed: UInt64 = 7
    private static let scope = CacheScope(namespace: "chat", model: "gpt-4o-mini")
    private static let system = ChatMessage.system(
        "You are the assistant of a booking service. Answer briefly, and only from what the tools and the user said."
    )

    private let scripts: [[Dialogues.Exchange]]
    private let turns: Int
    private let counter = EstimatedTokenCounter()

    init(exchanges: [Dialogues.Exchange], turns: Int, conversations: Int) {
        var generator = SeededGenerator(seed: Self.seed)
        self.turns = turns
        scripts = (0..<conversations).flatMap { _ -> [[Dialogues.Exchange]] in
            // Dialogues one behind the other, as of a customer who comes back.
            func run(_ length: Int) -> [Dialogues.Exchange] {
                let start = Int.random(in: 0..<exchanges.count, using: &generator)
                return (0..<length).map { exchanges[(start + $0) % exchanges.count] }
            }
            let first = run(turns)
            return [first, first, Array(first.prefix(turns / 2)) + run(turns - turns / 2)]
        }
    }

    private struct Mode {
        let name: String
        let usesCache: Bool
        let settings: ConversationSettings
        let summarizer: any Summarizer
    }

    private var modes: [Mode] {
        func settings(_ mode: ContextMode) -> ConversationSettings {
            var settings = ConversationSettings()
            settings.mode = mode
            return settings
        }
        // A model's summary costs the prompt that it is given and the text that it gives; this one takes as many tokens.
        let model = ModelSummarizer(id: "stand-in", counter: counter) { prompt in
            let text = prompt.last?.content?.plainText ?? ""
            // The prompt says how long the summary may be, in words.
            let words = prompt.first?.content?.plainText?.split(separator: " ").compactMap { Int($0) }.last ?? 120
            let picked = try await ExtractiveSummarizer().summarize(
                [.user(text)],
                after: nil,
                maximumTokens: words * 4 / 3
            )
            return CachedReply(text: picked.text)
        }
        var tight = settings(.summary)
        (tight.windowLength, tight.blockLength, tight.summaryTokens, tight.summaryShare) = (2, 6, 64, 1)
        var wide = settings(.summary)
        (wide.windowLength, wide.blockLength, wide.summaryTokens, wide.summaryShare) = (6, 8, 160, 1)
        var window = settings(.slim)
        window.slimExchanges = 3
        let local = ExtractiveSummarizer()
        return [
            Mode(name: "full history, no cache", usesCache: false, settings: settings(.full), summarizer: local),
            Mode(name: "exact", usesCache: true, settings: settings(.full), summarizer: local),
            Mode(name: "sliding window of 7 messages", usesCache: true, settings: window, summarizer: local),
            Mode(name: "sliding window, no hits", usesCache: false, settings: window, summarizer: local),
            Mode(name: "slim", usesCache: true, settings: settings(.slim), summarizer: local),
            Mode(name: "summary, local", usesCache: true, settings: settings(.summary), summarizer: local),
            Mode(name: "summary, by a model", usesCache: true, settings: settings(.summary), summarizer: model),
            Mode(
                name: "summary, by a model, no hits",
                usesCache: false,
                settings: settings(.summary),
                summarizer: model
            ),
            Mode(name: "wide summary, by a model", usesCache: true, settings: wide, summarizer: model),
            Mode(name: "tight summary, by a model", usesCache: true, settings: tight, summarizer: model),
            Mode(name: "tight summary, by a model, no hits", usesCache: false, settings: tight, summarizer: model),
        ]
    }

    private struct Tally {
        var requests = 0
        var asked = 0
        var hits = 0
        var summaries = 0
        var sent = 0
        var wrong = 0
    }

    func printRows() async throws {
        var full = 0
        for mode in modes {
            let tally = try await play(mode)
            if full == 0 { full = tally.sent }
            let share = Double(Int(1000 * Double(tally.sent) / Double(full) + 0.5)) / 10
            print(
                "| \(turns) | \(mode.name) | \(tally.requests) | \(tally.asked) | \(tally.hits) | \(tally.summaries) "
                    + "| \(tally.sent) | \(share) % | \(tally.wrong) |"
            )
        }
    }

    private func play(_ mode: Mode) async throws -> Tally {
        let cache = try ConversationBenchmarks.makeCache(mode.settings)
        let conversations = ConversationCache(cache, summarizer: mode.summarizer, counter: counter)
        var tally = Tally()
        for script in scripts {
            var messages = [Self.system]
            for exchange in script {
                messages.append(.user(exchange.question))
                let answer = Self.answer(to: messages, exchange)
                var request = CacheRequest(messages: messages, scope: Self.scope)
                // Variety is asked for, so that no answer comes from the cache: what remains is the shortening.
                if !mode.usesCache { request.parameters.temperature = 1 }
                let asked = Atomic<Bool>(false)
                let response = try await conversations.respond(to: request) { _ in
                    asked.store(true, ordering: .relaxed)
                    return CachedReply(text: answer)
                }
                tally.requests += 1
                let wasAsked = asked.load(ordering: .relaxed)
                tally.asked += wasAsked ? 1 : 0
                tally.hits += wasAsked ? 0 : 1
                tally.wrong += response.reply.text == answer ? 0 : 1
                tally.sent += response.sentTokens
                tally.summaries += response.prompt?.summaryCalls ?? 0
                messages.append(.assistant(answer))
            }
        }
        return tally
    }

    /// The scripted answer, marked with what it answers: the same words in another conversation are another answer.
    private static func answer(to messages: [ChatMessage], _ exchange: Dialogues.Exchange) -> String {
        let request = CacheRequest(messages: messages, scope: scope)
        let mark = RequestKey(request, namespace: scope.namespace).exact.description.prefix(6)
        return "\(exchange.answer) (\(mark))"
    }
}

import BenchmarkSupport
import SemanticCaching

/// What a conversation of 500 turns and 200 KB costs before anything is sent.
enum Overhead {
    static func printRows() async throws {
        let scope = CacheScope(namespace: "chat", model: "gpt-4o-mini")
        let text = String(repeating: "All the words of a message, again and again. ", count: 5).prefix(196)
        var messages: [ChatMessage] = []
        for turn in 0..<500 {
            messages += [.user("\(turn) \(text)"), .assistant("\(turn) \(text)")]
        }
        messages.append(.user("And what about now?"))
        let request = CacheRequest(messages: messages, scope: scope)
        let bytes = messages.reduce(0) { $0 + ($1.content?.plainText?.utf8.count ?? 0) }
        var settings = ConversationSettings()
        settings.mode = .slim
        let cache = try ConversationBenchmarks.makeCache(settings)
        let prefixes = PrefixCache(cache)
        var earlier = request
        earlier.messages.removeLast(2)
        try await prefixes.record(CachedReply(text: messages[999].content?.plainText ?? ""), after: earlier)
        let known = try await prefixes.match(request)
        precondition(known?.isComplete == true)

        print("| 500 turns, \(bytes) bytes | median µs |\n|---|---|")
        row("hash chain of the whole conversation") {
            precondition(RequestKey(request, namespace: scope.namespace).chain.count == messages.count + 1)
        }
        row("hashing and lookup, miss") { precondition(cache.lookupInMemory(request) == nil) }
        try await cache.store(CachedReply(text: "answer"), for: request)
        row("hashing and lookup, hit (second digest confirmed)") {
            precondition(cache.lookupInMemory(request)?.outcome == .hit)
        }
        await row("longest known prefix, all candidates in one pass") {
            let match = try? await prefixes.match(request)
            precondition(match?.isComplete == true)
        }
        let layout = PromptLayout(request)
        row("layout of the prompt, compared with the last one") {
            precondition(PromptLayout(request).firstBreak(since: layout) == nil)
        }
    }

    private static func row(_ name: String, _ body: () -> Void) {
        print(name, (0..<400).map { _ in BenchmarkClock.wall.seconds(body) })
    }

    private static func row(_ name: String, _ body: () async -> Void) async {
        var times: [Double] = []
        for _ in 0..<400 {
            let start = BenchmarkClock.wall.now
            await body()
            times.append(BenchmarkClock.wall.now - start)
        }
        print(name, times)
    }

    private static func print(_ name: String, _ seconds: [Double]) {
        Swift.print("| \(name) | \(Int(seconds.median * 1e6)) |")
    }

    private static func print(_ line: String) { Swift.print(line) }
}

import SemanticCaching

/// Answers and questions of a usual size: 384 components, a question of a sentence, an answer of a paragraph.
struct Workload: Sendable {
    static let dimension = 384
    let seed: UInt64

    /// The bytes that no store can do without: vector, question and answer.
    static func payloadBytes(_ entry: CacheEntry, _ question: CachedQuestion) -> Int {
        4 * dimension + question.text.utf8.count + entry.reply.text.utf8.count
    }

    /// The answer and the question of a number.
    func item(_ number: UInt64) -> (CacheEntry, CachedQuestion) {
        var generator = Generator(state: seed &+ number &* 0x9E37_79B9_7F4A_7C15)
        let time = Timestamp(milliseconds: 1_760_000_000_000 + Int64(number))
        let text = "How do I \(words(7, &generator)) \(number)?"
        let entry = CacheEntry(
            id: EntryID(at: time, using: &generator),
            namespace: NamespaceID(tenant: "acme", name: "faq/\(number % 8)"),
            model: "gpt-4o-mini",
            promptVersion: "v3",
            reply: CachedReply(text: words(60, &generator), usage: TokenUsage(promptTokens: 40, completionTokens: 80)),
            tags: ["doc:\(number % 1000)"],
            createdAt: time,
            expiresAt: time + .seconds(86_400),
            upstreamLatency: .milliseconds(900),
            cost: 0.0002
        )
        let question = CachedQuestion(
            id: number + 1,
            entry: entry.id,
            text: text,
            key: Digest256(hashing: Array(text.utf8)),
            check: Digest256(hashing: Array((text + "#").utf8)),
            partition: Digest256(hashing: Array("partition \(number % 8)".utf8)),
            embeddingModel: "all-MiniLM-L6-v2",
            vector: vector(number, &generator),
            createdAt: time
        )
        return (entry, question)
    }

    /// A vector among its likes, as embeddings are: of a topic, of a question in it, and a little of its own.
    ///
    /// Two wordings of a question have a cosine of about 0.8, two questions of a topic one of about 0.6.
    private func vector(_ number: UInt64, _ generator: inout Generator) -> [Float] {
        var topic = Generator(state: seed ^ 0x7091C &+ number % 1000 &* 0xD6E8_FEB8_6659_FD93)
        var question = Generator(state: seed ^ 0x9E57 &+ number % 50_000 &* 0xCA5A_8263_9512_1157)
        var vector = (0..<Self.dimension).map { _ in
            Float.random(in: -1...1, using: &topic) + 0.6 * Float.random(in: -1...1, using: &question)
                + 0.6 * Float.random(in: -1...1, using: &generator)
        }
        let norm = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
        for index in vector.indices { vector[index] /= norm }
        return vector
    }

    private func words(_ count: Int, _ generator: inout Generator) -> String {
        let list = ["return", "an", "item", "without", "the", "invoice", "refund", "account", "password", "delivery"]
        return (0..<count).map { _ in list.randomElement(using: &generator) ?? "" }.joined(separator: " ")
    }
}

/// SplitMix64: the same numbers on every machine.
struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

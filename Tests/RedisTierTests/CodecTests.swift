import SemanticCaching
import SemanticCachingTesting
import Testing

@testable import RedisTier

@Suite struct CodecTests {
    private func text(_ generator: inout SeededGenerator, _ limit: Int) -> String {
        let letters = Array("aé✓𝄞 \n\u{0}\"{}")
        return String(
            (0..<Int.random(in: 0...limit, using: &generator)).map { _ in letters.randomElement(using: &generator)! }
        )
    }

    private func entry(_ generator: inout SeededGenerator) -> CacheEntry {
        var reply = CachedReply(
            text: text(&generator, 300),
            finishReason: Bool.random(using: &generator) ? .stop : .toolCalls
        )
        if Bool.random(using: &generator) {
            reply.usage = TokenUsage(promptTokens: 7, cachedPromptTokens: 0, completionTokens: 1 << 33)
            reply.model = text(&generator, 20)
            reply.wire = .init(format: "chat.completion", json: Array(text(&generator, 400).utf8))
        }
        return CacheEntry(
            id: EntryID(high: generator.next(), low: generator.next()),
            namespace: NamespaceID(tenant: text(&generator, 9), name: text(&generator, 9)),
            model: text(&generator, 12),
            promptVersion: text(&generator, 5),
            reply: reply,
            tags: (0..<Int.random(in: 0...4, using: &generator)).map { _ in text(&generator, 8) },
            createdAt: Timestamp(milliseconds: Int64.random(in: 0...1 << 45, using: &generator)),
            expiresAt: Bool.random(using: &generator)
                ? Timestamp(milliseconds: Int64.random(in: 0...9, using: &generator)) : nil,
            epoch: UInt64.random(in: 0..<EpochLimit.value, using: &generator),
            upstreamLatency: Bool.random(using: &generator)
                ? .nanoseconds(Int64.random(in: 0...1 << 40, using: &generator)) : nil,
            cost: Bool.random(using: &generator) ? Double.random(in: 0...1, using: &generator) : nil
        )
    }

    private func question(_ generator: inout SeededGenerator) -> CachedQuestion {
        let hasVector = Bool.random(using: &generator)
        func digest() -> Digest256 { Digest256(hashing: [UInt8(truncatingIfNeeded: generator.next())]) }
        return CachedQuestion(
            id: 0,
            entry: EntryID(high: generator.next(), low: generator.next()),
            text: text(&generator, 200),
            key: digest(),
            check: digest(),
            partition: hasVector ? digest() : nil,
            embeddingModel: hasVector ? "model" : nil,
            vector: hasVector ? (0..<384).map { _ in Float.random(in: -1...1, using: &generator) } : nil,
            createdAt: Timestamp(milliseconds: 1_700_000_000_000)
        )
    }

    @Test func givesBackWhatItWasGiven() throws {
        var generator = SeededGenerator.announced(seed: 8)
        for _ in 0..<200 {
            let entry = entry(&generator)
            #expect(try EntryCodec.decodeEntry(EntryCodec.encode(entry)) == entry)
            let question = question(&generator)
            #expect(try EntryCodec.decodeQuestion(EntryCodec.encode(question)) == question)
        }
    }

    /// Whatever the bytes are: a value or an error, and no value but the one that was written.
    @Test func survivesDamage() {
        var generator = SeededGenerator.announced(seed: 8)
        for round in 0..<3_000 {
            let original =
                round.isMultiple(of: 2) ? EntryCodec.encode(entry(&generator)) : EntryCodec.encode(question(&generator))
            var bytes = original
            switch round % 5 {
            case 0: bytes.removeLast(Int.random(in: 1...bytes.count, using: &generator))
            case 1: bytes.append(UInt8.random(in: 0...255, using: &generator))
            case 2:
                bytes = (0..<Int.random(in: 0...64, using: &generator)).map { _ in
                    UInt8.random(in: 0...255, using: &generator)
                }
            default:
                for _ in 0..<Int.random(in: 1...4, using: &generator) {
                    bytes[Int.random(in: 0..<bytes.count, using: &generator)] ^=
                        1 << UInt8.random(in: 0...7, using: &generator)
                }
            }
            guard bytes != original else { continue }
            #expect(throws: CodecError.self) { try EntryCodec.decodeEntry(bytes) }
            #expect(throws: CodecError.self) { try EntryCodec.decodeQuestion(bytes) }
        }
    }

    /// Fields that lie, under a checksum that is right: lengths beyond the end, counts beyond all bytes.
    @Test func survivesMalice() {
        var generator = SeededGenerator.announced(seed: 8)
        for _ in 0..<3_000 {
            let isEntry = Bool.random(using: &generator)
            let original = isEntry ? EntryCodec.encode(entry(&generator)) : EntryCodec.encode(question(&generator))
            var fields = Array(original[4..<(original.count - 8)])
            for _ in 0..<Int.random(in: 1...6, using: &generator) {
                fields[Int.random(in: 0..<fields.count, using: &generator)] = UInt8.random(
                    in: 0...255,
                    using: &generator
                )
            }
            var writer = ByteWriter(header: Array(original[..<4]))
            writer.write(raw: fields)
            let bytes = writer.sealed()
            // It ends, and what it gives can be written again.
            if isEntry {
                if let entry = try? EntryCodec.decodeEntry(bytes) { _ = EntryCodec.encode(entry) }
            } else if let question = try? EntryCodec.decodeQuestion(bytes) {
                _ = EntryCodec.encode(question)
            }
        }
    }

    /// One more than the greatest epoch must be a number, too.
    @Test func epochsAreBounded() throws {
        var generator = SeededGenerator(seed: 5)
        let greatest: UInt64 = (1 << 53) - 1
        for (epoch, isOurs) in [(greatest, true), (greatest + 1, false), (.max, false)] as [(UInt64, Bool)] {
            let entry = CacheEntry(
                id: EntryID(high: generator.next(), low: generator.next()),
                namespace: NamespaceID(),
                model: "m",
                reply: CachedReply(text: "x"),
                createdAt: Timestamp(milliseconds: 0),
                epoch: epoch
            )
            #expect(((try? EntryCodec.decodeEntry(EntryCodec.encode(entry))) == entry) == isOurs)
            let fields = ["o", "n", "d", String(epoch), "k", "", "r", "x"].map { RedisValue.bytes(Array($0.utf8)) }
            let record = RedisValue.array([.bytes(Array("5-1".utf8)), .array(fields)])
            let reply = RedisValue.array([.array([.bytes(Array("s".utf8)), .array([record])])])
            let kind = try #require(ChangeRecord.records(reply).first?.records.first?.kind)
            if case .epoch(let read) = kind {
                #expect(isOurs && read == epoch)
            } else if case .unknown = kind {
                #expect(!isOurs)
            } else {
                Issue.record("\(kind)")
            }
        }
    }

    @Test func tellsVersionsApart() {
        var generator = SeededGenerator(seed: 4)
        var bytes = EntryCodec.encode(entry(&generator))
        bytes[2] = 2
        #expect(throws: CodecError.unknownVersion(2)) { try EntryCodec.decodeEntry(bytes) }
        #expect(throws: CodecError.foreign) { try EntryCodec.decodeEntry(Array("hello, this is somebody else's".utf8)) }
    }

    @Test func selectorsTravel() throws {
        var selector = InvalidationSelector(ids: [EntryID(high: 1, low: 2)])
        selector.filter.namespace = NamespaceID(tenant: "t", name: "n")
        selector.filter.tag = "doc:42"
        selector.filter.createdBefore = Timestamp(milliseconds: 5)
        selector.filter.questionPrefix = "How"
        selector.namespaces = NamespacePattern("faq/*")
        selector.question = try QuestionPattern(regularExpression: "(?i)price.*20\\d\\d")
        #expect(try SelectorCodec.decode(SelectorCodec.encode(selector)) == selector)
        #expect(try SelectorCodec.decode(SelectorCodec.encode(InvalidationSelector())) == InvalidationSelector())
    }
}

import Foundation
import SemanticCaching
import SemanticCachingTesting
import Synchronization
import Testing

@Suite struct TransferTests {
    private static let namespace = NamespaceID(tenant: "acme", name: "faq/\u{FC}")

    /// A store with answers that have all that answers can have, and less.
    private func filledStore(_ count: UInt64 = 700) async throws -> MemoryStore {
        let store = MemoryStore()
        for number in 1...count {
            let id = EntryID(high: number, low: number)
            let isFull = number.isMultiple(of: 2)
            let entry = CacheEntry(
                id: id,
                namespace: isFull ? Self.namespace : NamespaceID(),
                model: "model",
                promptVersion: isFull ? "v2" : "",
                reply: CachedReply(
                    text: "Line one\nline \"two\" \u{1F600} \(number)",
                    finishReason: isFull ? .toolCalls : .stop,
                    usage: isFull ? TokenUsage(promptTokens: 1, cachedPromptTokens: 2, completionTokens: 3) : nil,
                    model: isFull ? "provider/model" : nil,
                    wire: isFull
                        ? .init(format: "chat.completion", json: number == 2 ? [0xFF, 0] : Array(#"{"a": 1.50}"#.utf8))
                        : nil
                ),
                tags: isFull ? ["doc:1", "b"] : [],
                createdAt: Timestamp(milliseconds: 1_700_000_000_000 + Int64(number)),
                expiresAt: isFull ? Timestamp(milliseconds: 1_800_000_000_000) : nil,
                epoch: isFull ? 3 : 0,
                upstreamLatency: isFull ? .milliseconds(1234) : nil,
                cost: isFull ? 0.000125 : nil
            )
            _ = try await store.insert(entry, question: question(number * 2, of: id))
            if isFull { #expect(try await store.addQuestion(question(number * 2 + 1, of: id))) }
        }
        return store
    }

    private func question(_ number: UInt64, of entry: EntryID) -> CachedQuestion {
        CachedQuestion(
            id: number,
            entry: entry,
            text: "Question, \(number)?",
            key: Digest256(hashing: Array("key \(number)".utf8)),
            check: Digest256(hashing: Array("check \(number)".utf8)),
            partition: number.isMultiple(of: 3) ? nil : Digest256(hashing: [1]),
            embeddingModel: number.isMultiple(of: 5) ? nil : "hashing",
            vector: number.isMultiple(of: 5) ? nil : [1 / 3, -0.0, Float(number), .leastNonzeroMagnitude],
            createdAt: Timestamp(milliseconds: Int64(number))
        )
    }

    private func exported(_ store: MemoryStore, withVectors: Bool = true) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        try await store.export(withVectors: withVectors) { bytes += $0 }
        return bytes
    }

    /// Imports bytes in pieces of a size into a store.
    private func importing(
        _ bytes: [UInt8],
        into store: some EntryStore,
        pieces: Int = 1000,
        rejects: inout [RejectedRecord]
    ) async throws -> ImportSummary {
        let numbers = Atomic<UInt64>(try await store.highestQuestionID())
        let pairs = Mutex<[QuestionAnswerPair]>([])
        let importer = CacheImporter { record in
            switch record {
            case .answer(let answer):
                let added = try await store.add(answer) { numbers.add(1, ordering: .relaxed).newValue }
                return added == nil ? .present : .added
            case .pair(let pair):
                pairs.withLock { $0.append(pair) }
                return .added
            }
        }
        let chunks = AsyncStream<[UInt8]> { continuation in
            for start in stride(from: 0, to: bytes.count, by: pieces) {
                continuation.yield(Array(bytes[start..<min(start + pieces, bytes.count)]))
            }
            continuation.finish()
        }
        var found: [RejectedRecord] = []
        let summary = try await importer.run(chunks, totalBytes: bytes.count, onReject: { found.append($0) })
        rejects = found.sorted { $0.line < $1.line }
        return summary
    }

    /// Everything in a store but the numbers of questions, which are its own.
    private func contents(_ store: some EntryStore) async throws -> [CacheEntry: Set<String>] {
        var found: [CacheEntry: Set<String>] = [:]
        for match in try await store.questions(after: 0, limit: 100_000) {
            let question = match.question
            let bits = question.vector?.map(\.bitPattern).description ?? "-"
            let text = "\(question.text) \(question.key) \(question.check) \(question.partition?.description ?? "-")"
            let rest = "\(question.embeddingModel ?? "-") \(question.createdAt) \(bits)"
            found[match.entry, default: []].insert(text + rest)
        }
        return found
    }

    @Test func whatIsExportedIsImportedAsItWas() async throws {
        let store = try await filledStore()
        let copy = MemoryStore()
        var rejects: [RejectedRecord] = []
        let summary = try await importing(try await exported(store), into: copy, rejects: &rejects)
        #expect(summary.added == 700 && summary.present == 0 && rejects.isEmpty)
        #expect(try await contents(copy) == contents(store))
    }

    @Test func anImportThatIsStartedAgainGoesOn() async throws {
        let store = try await filledStore()
        let bytes = try await exported(store)
        let copy = MemoryStore()
        var rejects: [RejectedRecord] = []
        let first = try await importing(Array(bytes[..<(bytes.count / 2)]), into: copy, rejects: &rejects)
        #expect(first.rejected == 1, "the line that was cut off")
        let second = try await importing(bytes, into: copy, rejects: &rejects)
        #expect(second.present == first.added && second.added == 700 - first.added)
        #expect(try await contents(copy) == contents(store))
        #expect(try await importing(bytes, into: copy, rejects: &rejects).present == 700)
    }

    /// Killed between the questions of an answer: the rest of them is not lost, nor do they become another answer.
    @Test func anImportThatEndedWithinAnAnswerGoesOn() async throws {
        let entry = CacheEntry(
            id: EntryID(high: 1, low: 1),
            namespace: Self.namespace,
            model: "m",
            reply: CachedReply(text: "The answer."),
            createdAt: Timestamp(milliseconds: 1)
        )
        let record = AnswerRecord(entry: entry, questions: (1...3).map { question($0, of: entry.id) })
        let renamed = CacheEntry(
            id: EntryID(high: 9, low: 9),
            namespace: Self.namespace,
            model: "m",
            reply: entry.reply,
            createdAt: entry.createdAt
        )
        // An export brings the same id again, a pair a new one.
        for again in [entry, renamed] {
            let store = MemoryStore()
            _ = try await store.insert(entry, question: question(1, of: entry.id))
            let second = AnswerRecord(entry: again, questions: record.questions)
            var number: UInt64 = 100
            func next() -> UInt64 {
                number += 1
                return number
            }
            #expect(try await store.add(second, nextQuestionID: next)?.map(\.entry) == [entry.id, entry.id])
            #expect(try await store.questions(of: entry.id).map(\.text) == record.questions.map(\.text))
            #expect(try await store.usage().entries == 1)
            #expect(try await store.add(second, nextQuestionID: next) == nil)
        }
    }

    /// An answer that was corrected by hand, or made shorter-lived, in a file that still has its id: what nobody owns yet gets it,
    /// and what the cache answers already stays, as with any other record.
    @Test(arguments: ["reply", "expiry", "tags", "namespace"])
    func anEqualIDIsNoEqualAnswer(_ difference: String) async throws {
        let store = MemoryStore()
        let old = CacheEntry(
            id: EntryID(high: 1, low: 1),
            namespace: Self.namespace,
            model: "m",
            reply: CachedReply(text: "The old answer."),
            tags: ["doc:1"],
            createdAt: Timestamp(milliseconds: 1)
        )
        _ = try await store.insert(old, question: question(1, of: old.id))
        let corrected = CacheEntry(
            id: old.id,
            namespace: difference == "namespace" ? NamespaceID() : old.namespace,
            model: "m",
            reply: difference == "reply" ? CachedReply(text: "The corrected answer.") : old.reply,
            tags: difference == "tags" ? ["doc:2"] : old.tags,
            createdAt: old.createdAt,
            expiresAt: difference == "expiry" ? Timestamp(milliseconds: 2) : nil
        )
        let record = AnswerRecord(entry: corrected, questions: (1...3).map { question($0, of: corrected.id) })
        var number: UInt64 = 100
        func next() -> UInt64 {
            number += 1
            return number
        }
        let added = try #require(try await store.add(record, nextQuestionID: next))
        #expect(added.map(\.text) == record.questions.dropFirst().map(\.text))
        #expect(try await store.entry(old.id) == old)
        #expect(try await store.questions(of: old.id).count == 1)
        #expect(try await store.usage().entries == 2)
        for question in record.questions.dropFirst() {
            let match = try #require(try await store.match(key: question.key))
            #expect(match.entry.id != old.id)
            #expect(match.entry.reply == corrected.reply && match.entry.tags == corrected.tags)
            #expect(match.entry.expiresAt == corrected.expiresAt && match.entry.namespace == corrected.namespace)
        }
        // Started again, nothing is new; interrupted between the two, the second would have found the first.
        #expect(try await store.add(record, nextQuestionID: next) == nil)
    }

    /// Two lines about one question: the order of the file decides, however many are stored at the same time.
    @Test func linesAboutOneQuestionKeepTheirOrder() async throws {
        let lines = (0..<300).map { #"{"question": "Q\#($0 % 3)", "answer": "\#($0)"}"# }.joined(separator: "\n")
        let stored = Mutex<[String: [String]]>([:])
        let importer = CacheImporter { record in
            guard case .pair(let pair) = record else { return .present }
            // Lets whoever is under way overtake.
            for _ in 0..<Int.random(in: 0...20) { await Task.yield() }
            stored.withLock { $0[pair.question, default: []].append(pair.answer) }
            return .added
        }
        let chunks = AsyncStream<[UInt8]> { continuation in
            continuation.yield(Array(lines.utf8))
            continuation.finish()
        }
        #expect(try await importer.run(chunks).added == 300)
        for number in 0..<3 {
            let expected = stride(from: number, to: 300, by: 3).map { String($0) }
            #expect(stored.withLock { $0["Q\(number)"] } == expected)
        }
    }

    @Test func ownersOfAKeyStay() async throws {
        let store = try await filledStore(1)
        let bytes = try await exported(store)
        let copy = MemoryStore()
        let newer = CacheEntry(
            id: EntryID(high: 50, low: 0),
            namespace: NamespaceID(),
            model: "m",
            reply: CachedReply(text: "newer"),
            createdAt: Timestamp(milliseconds: 0)
        )
        _ = try await copy.insert(newer, question: question(2, of: newer.id))
        var rejects: [RejectedRecord] = []
        #expect(try await importing(bytes, into: copy, rejects: &rejects).present == 1)
        #expect(try await copy.usage().entries == 1)
        #expect(try await copy.entry(newer.id) == newer)
    }

    @Test func vectorsCanBeLeftOut() async throws {
        let copy = MemoryStore()
        var rejects: [RejectedRecord] = []
        _ = try await importing(
            try await exported(try await filledStore(9), withVectors: false),
            into: copy,
            rejects: &rejects
        )
        let questions = try await copy.questions(after: 0, limit: 100).map(\.question)
        #expect(questions.count == 13)
        #expect(questions.allSatisfy { $0.vector == nil && $0.embeddingModel == nil })
    }

    @Test func badLinesAreToldByNumber() async throws {
        var lines = String(decoding: try await exported(try await filledStore(9)), as: UTF8.self)
            .split(separator: "\n").map(String.init)
        lines[2] = String(lines[2].dropLast(30))
        lines[3] = lines[3].replacingOccurrences(of: #""id":""#, with: #""id":"U"#)
        lines[4] = "[]"
        lines[5] = #"{"semcache": 2}"#
        lines[6] = lines[6].replacingOccurrences(of: #""text":"#, with: #""tixt":"#)
        lines.insert("", at: 1)
        let copy = MemoryStore()
        var rejects: [RejectedRecord] = []
        let bytes = Array(lines.joined(separator: "\r\n").utf8)
        for pieces in [1, 7, 100_000] {
            let summary = try await importing(bytes, into: copy, pieces: pieces, rejects: &rejects)
            #expect(summary.rejected == 5)
            #expect(rejects.map(\.line) == [4, 5, 6, 7, 8])
        }
        #expect(try await copy.usage().entries == 4)
        #expect(rejects[3].reason.contains("newer"))
        #expect(rejects[4].reason == "'text' is missing")
        let side = String(decoding: rejects[2].jsonLine, as: UTF8.self)
        #expect(side == #"{"line":6,"error":"the line is no JSON object","record":"[]"}"# + "\n")
    }

    /// What the reader makes of a text, piece by piece.
    private func read(_ text: String, pieces: Int) -> [ImportReader.Item] {
        var reader = ImportReader()
        let bytes = Array(text.utf8)
        var items: [ImportReader.Item] = []
        for start in stride(from: 0, to: bytes.count, by: pieces) {
            items += reader.append(Array(bytes[start..<min(start + pieces, bytes.count)]))
        }
        return items + reader.finish()
    }

    @Test(arguments: [1, 3, 1000])
    func otherProgramsFilesAreRead(pieces: Int) {
        let redis = """
            {"prompt": "Capital of France?", "response": "Paris", "metadata": {"a": [1, {}]}, "prompt_vector": [0.1]}
            {"prompt": "x"}
            """
        #expect(
            read(redis, pieces: pieces) == [
                .record(.pair(QuestionAnswerPair(question: "Capital of France?", answer: "Paris")), line: 1),
                .rejected(
                    RejectedRecord(line: 2, reason: "'response' is missing", bytes: Array(#"{"prompt": "x"}"#.utf8))
                ),
            ]
        )
        let pairs = """

            [ {"origin": "a, [b] \\"", "similar": "c"},
              {"origin": "d", "similar": "e", "answer": "f"}, 7
            ]
            """
        let array = read(pairs, pieces: pieces)
        #expect(
            array == [
                .record(
                    .pair(QuestionAnswerPair(question: "a, [b] \"", alternatives: ["c"], answer: "a, [b] \"")),
                    line: 2
                ),
                .record(.pair(QuestionAnswerPair(question: "d", alternatives: ["e"], answer: "f")), line: 3),
                .rejected(RejectedRecord(line: 3, reason: "the line is no JSON object", bytes: [UInt8(ascii: "7")])),
            ]
        )
        let csv =
            "\u{FEFF}Question,answer,Tags\r\n\"What, \"\"this\"\"?\",\"two\r\nlines\",a;b\r\n\r\nq,\r\nq,a,t,u\r\nq2,a2,"
        #expect(
            read(csv, pieces: pieces) == [
                .record(
                    .pair(QuestionAnswerPair(question: "What, \"this\"?", answer: "two\r\nlines", tags: ["a", "b"])),
                    line: 2
                ),
                .rejected(RejectedRecord(line: 5, reason: "2 fields, the first line has 3", bytes: Array("q,".utf8))),
                .rejected(
                    RejectedRecord(line: 6, reason: "4 fields, the first line has 3", bytes: Array("q,a,t,u".utf8))
                ),
                .record(.pair(QuestionAnswerPair(question: "q2", answer: "a2")), line: 7),
            ]
        )
    }

    @Test func aStoreThatFailsEndsTheImport() async throws {
        let bytes = try await exported(try await filledStore(300))
        let closed = MemoryStore()
        let importer = CacheImporter { record in
            guard case .answer(let answer) = record else { return .present }
            return try await closed.add(answer) { 1 } == nil ? .present : .added
        }
        try await closed.close()
        let chunks = AsyncStream<[UInt8]> { continuation in
            continuation.yield(bytes)
            continuation.finish()
        }
        let error = await #expect(throws: CacheError.self) { try await importer.run(chunks) }
        #expect(error?.code == .storeUnavailable)
    }

    @Test func progressTellsRateAndRest() {
        var progress = TransferProgress(total: 1000)
        #expect(progress.remaining == nil)
        progress.records = 50
        progress.done = 250
        progress.elapsed = .seconds(5)
        #expect(progress.recordsPerSecond == 10)
        #expect(progress.fraction == 0.25)
        #expect(progress.remaining == .seconds(15))
        #expect(TransferProgress().fraction == nil)
        #expect(TransferProgress(total: 0).fraction == 1)
    }

    @Test func filesAreReadInPieces() async throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "semcache-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: url) }
        let content = (0..<600_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try Data(content).write(to: url)
        let chunks = FileChunks(path: url.path)
        #expect(chunks.byteCount == content.count)
        var found: [UInt8] = []
        for try await chunk in chunks { found += chunk }
        #expect(found == content)
        let missing = FileChunks(path: url.path + "-none")
        #expect(missing.byteCount == nil)
        await #expect(throws: CacheError.self) { for try await _ in missing {} }
    }
}

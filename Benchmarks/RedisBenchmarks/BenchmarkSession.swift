import BenchmarkSupport
import CHiredis
import Embeddings
import Logging
import RedisTier
import SemanticCaching
import SemanticCachingTesting

/// One run over one server.
final class BenchmarkSession {
    private let url: RedisURL
    private let count: Int
    private let writer: RedisSharedTier
    private let namespace = NamespaceID(tenant: "acme", name: "bench")
    private let quiet = Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }
    private var generator = SeededGenerator(seed: 17)
    private var service: Task<Void, any Error>?

    init(url: RedisURL, count: Int) {
        self.url = url
        self.count = count
        var configuration = RedisTierConfiguration(url: url)
        configuration.maximumQueuedAnswers = 1 << 20
        configuration.maximumQueuedBytes = 8 << 30
        configuration.streamLength = 1 << 20
        configuration.followsChanges = false
        // On a busy machine a lookup may be late; here that is to be seen, and not to end the run.
        configuration.lookupDeadline = .milliseconds(500)
        writer = RedisSharedTier(configuration, logger: quiet)
    }

    func close() {
        service?.cancel()
        writer.close()
    }

    // MARK: - Data

    /// An answer of 300 bytes to a question of 60, with a vector of 384 dimensions.
    private func pair(_ number: Int) -> (CacheEntry, CachedQuestion) {
        let now = SystemClock().now
        let id = EntryID(at: now, using: &generator)
        let text = "What does article number \(number) of the catalogue cost at present?"
        let reply = CachedReply(
            text: String(repeating: "The article costs \(number) euros. ", count: 10),
            usage: TokenUsage(promptTokens: 40, completionTokens: 90),
            model: "gpt-4o-mini"
        )
        let entry = CacheEntry(id: id, namespace: namespace, model: "gpt-4o-mini", reply: reply, createdAt: now)
        var vector = (0..<384).map { _ in Float.random(in: -1...1, using: &generator) }
        let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
        for index in vector.indices { vector[index] /= length }
        let question = CachedQuestion(
            id: 0,
            entry: id,
            text: text,
            key: key(number),
            check: Digest256(hashing: Array("check \(number)".utf8)),
            partition: Digest256(hashing: [1]),
            embeddingModel: "hashing-384",
            vector: vector,
            createdAt: now
        )
        return (entry, question)
    }

    private func key(_ number: Int) -> Digest256 { Digest256(hashing: Array("key \(number)".utf8)) }

    private func info(_ context: UnsafeMutablePointer<redisContext>, _ section: String) -> String {
        guard let raw = withVaList([], { redisvCommand(context, "INFO \(section)", $0) }) else { return "" }
        defer { freeReplyObject(raw) }
        let reply = raw.assumingMemoryBound(to: redisReply.self).pointee
        return reply.str.map { String(decoding: UnsafeRawBufferPointer(start: $0, count: reply.len), as: UTF8.self) }
            ?? ""
    }

    private func connect() throws -> UnsafeMutablePointer<redisContext> {
        let context =
            switch url.endpoint {
            case .unix(let path): redisConnectUnix(path)
            case .tcp(let host, let port): redisConnect(host, Int32(port))
            }
        guard let context, context.pointee.err == 0 else {
            throw RedisError.unavailable("nothing answers at \(url.endpoint): start a server there first")
        }
        return context
    }

    private func usedMemory(_ context: UnsafeMutablePointer<redisContext>) -> Int {
        let line = info(context, "memory").split(whereSeparator: \.isNewline).first { $0.hasPrefix("used_memory:") }
        return line.flatMap { Int($0.dropFirst(12)) } ?? 0
    }

    // MARK: - Measurements

    func fill() async throws {
        let context = try connect()
        defer { redisFree(context) }
        let before = usedMemory(context)
        let tier = writer
        service = Task { try await tier.run(delivering: NullReceiver()) }
        let pairs = (0..<count).map { pair($0) }
        let start = BenchmarkClock.wall.now
        for (entry, question) in pairs { writer.publish(entry, question: question, isAlias: false) }
        await writer.drain()
        let seconds = BenchmarkClock.wall.now - start
        let statistics = writer.statistics
        print("published \(statistics.publishedAnswers), dropped \(statistics.droppedAnswers)")
        report("publish", Double(count) / seconds, "answers/s")
        report("memory in Redis", Double(usedMemory(context) - before) / Double(count), "bytes/answer")
    }

    func lookUp() async throws {
        let context = try connect()
        defer { redisFree(context) }
        let rounds = 20_000
        // A value of the size of what a lookup brings.
        let value = [UInt8](repeating: 120, count: 2_300)
        try set(context, "bench-bare", value)
        // What a lookup consists of: its command in place of a `GET`; beside it, what the way through a connection's own
        // thread costs, with two hops in place of a caller that blocks.
        let connection = RedisConnection(to: url.endpoint, settings: RedisConnectionSettings())
        connection.start()
        await connection.settled()
        defer { connection.close() }
        let plain = RedisCommand("GET", ["bench-bare"])
        var samples: [String: [Double]] = [:]
        // Side by side in turns, so that whatever else the machine does meets all of them.
        for round in 0..<rounds {
            let clock = BenchmarkClock.wall
            samples["bare GET (blocking hiredis)", default: []].append(
                try clock.seconds { try get(context, "bench-bare") }
            )
            let key = key(round * 7919 % count)
            let lookup = writer.matchCommand(key: key, in: namespace)
            samples["the same command (blocking hiredis)", default: []].append(
                try clock.seconds { try send(context, lookup) }
            )
            let beginning = clock.now
            _ = try await connection.execute(plain, within: .seconds(1))
            samples["GET through a connection", default: []].append(clock.now - beginning)
            let start = clock.now
            let match = try await writer.match(key: key, in: namespace)
            samples["L2 exact hit (match)", default: []].append(clock.now - start)
            guard match != nil else { throw RedisError.unexpectedReply("match") }
            let again = clock.now
            _ = try await writer.match(key: Digest256(hashing: [UInt8(round & 255), 9]), in: namespace)
            samples["L2 miss", default: []].append(clock.now - again)
        }
        for (name, seconds) in samples.sorted(by: { $0.key < $1.key }) {
            let quantiles = seconds.quantiles([0.5, 0.99])
            report("\(name) p50", quantiles[0] * 1e6, "µs")
            report("\(name) p99", quantiles[1] * 1e6, "µs")
        }
        for line in info(context, "commandstats").split(whereSeparator: \.isNewline)
        where line.contains("_get:") || line.contains("_sort:") {
            print("  server: \(line)")
        }
    }

    func hydrate() async throws {
        let cpu = BenchmarkClock.process.now
        try await hydrate(into: NullReceiver(), "hydrate, decode only")
        report("  processor time of it", (BenchmarkClock.process.now - cpu) * 1e6 / Double(count), "µs/answer")
        try await hydrateEngine()
    }

    private func follower(_ prefixLength: Duration = .milliseconds(20)) -> RedisSharedTier {
        var configuration = RedisTierConfiguration(url: url)
        configuration.pulse = prefixLength
        return RedisSharedTier(configuration, logger: quiet)
    }

    private func hydrate(into receiver: any SharedTierReceiver, _ name: String) async throws {
        let tier = follower()
        await tier.start()
        tier.noteUse(of: namespace)
        let start = BenchmarkClock.wall.now
        let service = Task { try await tier.run(delivering: receiver) }
        try await wait { tier.statistics.namespaces[self.namespace]?.phase == .following }
        report(name, Double(count) / (BenchmarkClock.wall.now - start), "answers/s")
        service.cancel()
        _ = try? await service.value
        tier.close()
    }

    private func hydrateEngine() async throws {
        let tier = follower()
        let cache = try engine(tier)
        await tier.start()
        tier.noteUse(of: namespace)
        let start = BenchmarkClock.wall.now
        let cpu = BenchmarkClock.process.now
        let service = Task { try await cache.runSharedTier() }
        try await wait { tier.statistics.namespaces[self.namespace]?.phase == .following }
        let seconds = BenchmarkClock.wall.now - start
        report("hydrate an engine (memory store, index)", Double(count) / seconds, "answers/s")
        report("  processor time of it", (BenchmarkClock.process.now - cpu) * 1e6 / Double(count), "µs/answer")
        print("  indexed \(await cache.statistics().indexedQuestions)")
        service.cancel()
        _ = try? await service.value
        tier.close()
    }

    private func engine(_ tier: RedisSharedTier) throws -> SemanticCache {
        var configuration = CacheConfiguration()
        configuration.namespaces.maximumEntries = 10_000_000
        configuration.namespaces.maximumBytes = 64 << 30
        configuration.maximumBytes = 64 << 30
        return try SemanticCache(
            embedder: HashingEmbedder(dimension: 384),
            configuration: configuration,
            sharedTier: tier,
            logger: quiet
        )
    }

    /// How fast a namespace is walked for a tag that no answer has.
    func invalidate() async throws {
        let start = BenchmarkClock.wall.now
        guard try await writer.invalidate(InvalidationSelector(tag: "none")).isEmpty else {
            throw RedisError.unexpectedReply("invalidate")
        }
        report("invalidate a tag, walk", Double(count) / (BenchmarkClock.wall.now - start), "answers/s")
    }

    /// How fast an engine that is behind catches up with the stream, and how soon it has what is stored now.
    func follow() async throws {
        let tier = follower()
        let cache = try engine(tier)
        await tier.start()
        tier.noteUse(of: namespace)
        let service = Task { try await cache.runSharedTier() }
        try await wait { tier.statistics.namespaces[self.namespace]?.phase == .following }
        let extra = min(count, 20_000)
        let applied = tier.statistics.appliedChanges
        let start = BenchmarkClock.wall.now
        for number in 0..<extra {
            let (entry, question) = pair(count + number)
            writer.publish(entry, question: question, isAlias: false)
        }
        try await wait { tier.statistics.appliedChanges - applied >= extra }
        report("publish and apply in another engine", Double(extra) / (BenchmarkClock.wall.now - start), "changes/s")

        var delays: [Double] = []
        for number in 0..<200 {
            let (entry, question) = pair(count + extra + number)
            let before = tier.statistics.appliedChanges
            let start = BenchmarkClock.wall.now
            writer.publish(entry, question: question, isAlias: false)
            while tier.statistics.appliedChanges == before { await Task.yield() }
            delays.append((BenchmarkClock.wall.now - start) * 1e3)
        }
        let quantiles = delays.quantiles([0.5, 0.99])
        report("stored here, found there p50", quantiles[0], "ms")
        report("stored here, found there p99", quantiles[1], "ms")
        service.cancel()
        _ = try? await service.value
        tier.close()
    }

    // MARK: - Helpers

    private func wait(until condition: () -> Bool) async throws {
        while !condition() { try await Task.sleep(for: .milliseconds(1)) }
    }

    private func command(_ context: UnsafeMutablePointer<redisContext>, _ parts: [[UInt8]]) throws -> Int {
        var pointers: [UnsafePointer<CChar>?] = []
        let joined = parts.flatMap { $0 }
        return try joined.withUnsafeBufferPointer { buffer in
            var offset = 0
            for part in parts {
                pointers.append(
                    UnsafeRawPointer(buffer.baseAddress)?.advanced(by: offset).assumingMemoryBound(to: CChar.self)
                )
                offset += part.count
            }
            var lengths = parts.map(\.count)
            guard let raw = redisCommandArgv(context, Int32(parts.count), &pointers, &lengths) else {
                throw RedisError.unavailable("\(url.endpoint) closed the connection")
            }
            defer { freeReplyObject(raw) }
            return raw.assumingMemoryBound(to: redisReply.self).pointee.len
        }
    }

    /// Sends a command as it is, and waits for its reply.
    private func send(_ context: UnsafeMutablePointer<redisContext>, _ command: RedisCommand) throws {
        let isTaken = command.bytes.withUnsafeBytes { bytes in
            redisAppendFormattedCommand(context, bytes.bindMemory(to: CChar.self).baseAddress, bytes.count) == REDIS_OK
        }
        var reply: UnsafeMutableRawPointer?
        guard isTaken, redisGetReply(context, &reply) == REDIS_OK, let reply else {
            throw RedisError.unavailable("\(url.endpoint) closed the connection")
        }
        defer { freeReplyObject(reply) }
        guard reply.assumingMemoryBound(to: redisReply.self).pointee.type == REDIS_REPLY_ARRAY else {
            throw RedisError.unexpectedReply("match")
        }
    }

    private func set(_ context: UnsafeMutablePointer<redisContext>, _ key: String, _ value: [UInt8]) throws {
        _ = try command(context, [Array("SET".utf8), Array(key.utf8), value])
    }

    private func get(_ context: UnsafeMutablePointer<redisContext>, _ key: String) throws {
        guard try command(context, [Array("GET".utf8), Array(key.utf8)]) > 0 else {
            throw RedisError.unexpectedReply("GET")
        }
    }

    private func report(_ name: String, _ value: Double, _ unit: String) {
        let padded = name + String(repeating: " ", count: max(0, 44 - name.count))
        print("\(padded) \(value >= 1000 ? String(Int(value)) : String(Double(Int(value * 100)) / 100)) \(unit)")
    }
}

/// Takes changes and drops them.
struct NullReceiver: SharedTierReceiver {
    func apply(_ changes: [SharedChange], in namespace: NamespaceID) async {}
    func entries(in namespace: NamespaceID) async throws -> Set<EntryID> { [] }
    func isStrict(_ namespace: NamespaceID) -> Bool { false }
    func position(in namespace: NamespaceID) async -> String? { nil }
    func setPosition(_ position: String?, in namespace: NamespaceID) async {}
    func byteCount(of namespace: NamespaceID) -> Int { 0 }
    func release(_ namespace: NamespaceID) async {}
}

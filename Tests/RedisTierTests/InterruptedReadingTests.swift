import Logging
import SemanticCaching
import SemanticCachingTesting
import Synchronization
import TestSupport
import Testing

@testable import RedisTier

/// Replicas that end while they read a namespace as a whole, or let one go.
@Suite(.enabled(if: RedisServer.executable != nil, "\(RedisServer.absence)"), .serialized, .timeLimit(.minutes(5)))
struct InterruptedReadingTests {
    private let server: RedisServer

    init() async throws { server = try await RedisServer() }

    private func tier(_ configure: (inout RedisTierConfiguration) -> Void = { _ in }) throws -> RedisSharedTier {
        var configuration = RedisTierConfiguration(url: try RedisURL(server.url))
        configuration.commandDeadline = .seconds(30)
        configuration.connectDeadline = .seconds(30)
        configure(&configuration)
        return RedisSharedTier(configuration, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    /// Removes an answer, and lets the hour pass for which the server remembers that.
    private func remove(_ id: EntryID, by replica: Replica) async throws {
        try await replica.cache.remove([id])
        let script = "for _, key in ipairs(redis.call('KEYS', '*:x:*')) do redis.call('DEL', key) end"
        await server.cli("EVAL", script, "0")
    }

    /// Runs a tier over what the replica keeps until a condition holds, as another start of its process.
    private func run(
        _ tier: RedisSharedTier,
        over durable: Durable,
        until isMet: @escaping @Sendable () -> Bool
    ) async throws {
        let service = Task { try await tier.run(delivering: durable) }
        tier.noteUse(of: Replica.namespace)
        #expect(await eventually { isMet() })
        service.cancel()
        _ = try? await service.value
        tier.close()
    }

    private func follows(_ tier: RedisSharedTier) -> @Sendable () -> Bool {
        { tier.state.withLock { $0.follows[Replica.namespace]?.phase == .following } }
    }

    @Test func whatIsRemovedAfterAnInterruptedFirstReadingIsNotServedAfterTheNextStart() async throws {
        let a = try Replica(server)
        let id = try #require(try await a.put("How do I reset my password?", "Choose it."))
        let other = try #require(try await a.put("Where is my parcel now?", "On its way."))
        await a.tier.drain()

        let durable = Durable(endsWith: .storing)
        try await run(try tier(), over: durable) { durable.isDead }
        #expect(durable.entries == [id, other], "read, and then the process was killed")
        try await remove(id, by: a)
        durable.restart()
        let again = try tier()
        try await run(again, over: durable, until: follows(again))
        #expect(durable.entries == [other])
    }

    /// A lookup took it in before the namespace was followed, and another replica removed it before the first reading.
    @Test func whatWasRemovedBeforeTheFirstReadingIsNotServedBehindIt() async throws {
        let a = try Replica(server)
        let id = try #require(try await a.put("How do I reset my password?", "Choose it."))
        let other = try #require(try await a.put("Where is my parcel now?", "On its way."))
        await a.tier.drain()
        let durable = Durable(endsWith: nil)
        let own = EntryID(high: 1, low: 1)
        durable.keep([id, own])
        try await a.cache.remove([id])
        let first = try tier()
        try await run(first, over: durable, until: follows(first))
        #expect(durable.entries == [other, own], "what only this replica ever had stays")
    }

    @Test func whatIsRemovedAfterAnInterruptedReleaseIsNotServedAfterTheNextStart() async throws {
        let a = try Replica(server)
        let id = try #require(try await a.put("How do I reset my password?", "Choose it."))
        await a.tier.drain()

        let durable = Durable(endsWith: .releasing)
        let small = try tier { $0.maximumFollowedBytes = 1 }
        let service = Task { try await small.run(delivering: durable) }
        small.noteUse(of: Replica.namespace)
        #expect(await eventually { durable.entries == [id] && follows(small)() })
        // The namespace that was used last stays, so another one is.
        small.noteUse(of: NamespaceID(tenant: "acme", name: "other"))
        #expect(await eventually { durable.isDead })
        service.cancel()
        _ = try? await service.value
        small.close()
        #expect(durable.entries == [id], "not yet let go")

        try await remove(id, by: a)
        durable.restart()
        let again = try tier()
        try await run(again, over: durable, until: follows(again))
        #expect(durable.entries.isEmpty)
    }

    @Test func whatIsLetGoLeavesNoPlaceBehind() async throws {
        let a = try Replica(server)
        try await a.put("How do I reset my password?", "Choose it.")
        await a.tier.drain()
        let durable = Durable(endsWith: nil)
        let small = try tier { $0.maximumFollowedBytes = 1 }
        let service = Task { try await small.run(delivering: durable) }
        small.noteUse(of: Replica.namespace)
        #expect(await eventually { follows(small)() })
        small.noteUse(of: NamespaceID(tenant: "acme", name: "other"))
        #expect(await eventually { durable.entries.isEmpty && durable.place == nil })
        service.cancel()
        _ = try? await service.value
        small.close()
    }
}

@Suite struct KeptPlaceTests {
    private let position = StreamPosition(incarnation: 5, number: 9)

    @Test func isReadAsWritten() {
        for place in [KeptPlace.applied(position), .reading(position), .applied(.start), .reading(.start)] {
            #expect(KeptPlace(place.description) == place)
        }
        #expect(KeptPlace(position.description) == .applied(position), "as versions before wrote it")
        for text in ["", "reading", "reading ", "reading 1", "Reading 1-2", "reading reading 1-2"] {
            #expect(KeptPlace(text) == nil)
        }
    }

    @Test func knowsWhichServerHasForgotten() {
        for place in [KeptPlace.applied(position), .reading(position)] {
            #expect(place.isOfStream(of: StreamPosition(incarnation: 5, number: 12)))
            #expect(!place.isOfStream(of: StreamPosition(incarnation: 6, number: 12)))
            #expect(!place.isOfStream(of: nil))
        }
        // The stream began behind it.
        #expect(KeptPlace.reading(.start).isOfStream(of: position))
    }
}

/// What of a replica outlives its process: answers and places; it ends, as if killed, in the middle of some step.
private final class Durable: SharedTierReceiver {
    enum Step { case storing, releasing }

    private struct State {
        var entries: Set<EntryID> = []
        var place: String?
        var end: Step?
        var isDead = false
    }

    private let state: Mutex<State>

    init(endsWith end: Step?) { state = Mutex(State(end: end)) }

    var entries: Set<EntryID> { state.withLock { $0.entries } }
    var place: String? { state.withLock { $0.place } }
    var isDead: Bool { state.withLock { $0.isDead } }

    /// Has answers from before.
    func keep(_ entries: [EntryID]) { state.withLock { $0.entries.formUnion(entries) } }

    /// Lives again, to the end of the test.
    func restart() { state.withLock { ($0.end, $0.isDead) = (nil, false) } }

    func apply(_ changes: [SharedChange], in namespace: NamespaceID) async {
        state.withLock { state in
            guard !state.isDead, namespace == Replica.namespace else { return }
            for change in changes {
                switch change {
                case .stored(let entry, _):
                    state.entries.insert(entry.id)
                    if state.end == .storing { state.isDead = true }
                case .removed(let ids), .absent(let ids): state.entries.subtract(ids)
                case .epoch, .invalidated: break
                }
            }
        }
    }

    func setPosition(_ position: String?, in namespace: NamespaceID) async {
        state.withLock { state in
            if !state.isDead, namespace == Replica.namespace { state.place = position }
        }
    }

    func release(_ namespace: NamespaceID) async {
        state.withLock { state in
            guard !state.isDead, namespace == Replica.namespace else { return }
            if state.end == .releasing { state.isDead = true } else { state.entries = [] }
        }
    }

    func entries(in namespace: NamespaceID) async throws -> Set<EntryID> {
        namespace == Replica.namespace ? entries : []
    }

    func position(in namespace: NamespaceID) async -> String? { namespace == Replica.namespace ? place : nil }
    func byteCount(of namespace: NamespaceID) -> Int { 1_000 }
    func isStrict(_ namespace: NamespaceID) -> Bool { false }
}

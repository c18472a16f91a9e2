import Embeddings
import Synchronization

/// Records what it was asked, and answers each text with a unit vector that depends on its bytes.
final class RecordingEmbedder: Embedder {
    let model = EmbeddingModel(id: "recording", dimension: 4)
    private let log = Mutex<[[String]]>([])
    private let refused: String?

    init(refusing refused: String? = nil) {
        self.refused = refused
    }

    var calls: [[String]] { log.withLock(\.self) }

    static func embedding(of text: String) -> Embedding {
        var vector: [Float] = [1, 0, 0, 0]
        for (index, byte) in text.utf8.enumerated() { vector[index % 4] += Float(byte) * Float(index + 1) }
        let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return Embedding(unitVector: vector.map { $0 / length })
    }

    func embed(_ texts: [String]) async throws -> [Embedding] {
        log.withLock { $0.append(texts) }
        if let refused, texts.contains(refused) { throw EmbedderError.invalidInput("refused") }
        return texts.map(Self.embedding(of:))
    }
}

/// A clock whose sleepers wake when the test says so.
final class HandClock: Clock {
    struct Instant: InstantProtocol {
        var offset: Duration = .zero
        func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
        func duration(to other: Instant) -> Duration { other.offset - offset }
        static func < (a: Instant, b: Instant) -> Bool { a.offset < b.offset }
    }

    private struct State {
        var now = Instant()
        var sleepers: [(Instant, CheckedContinuation<Void, Never>)] = []
        var watchers: [(Int, CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())

    var now: Instant { state.withLock(\.now) }
    var minimumResolution: Duration { .nanoseconds(1) }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        await withCheckedContinuation { continuation in
            let woken = state.withLock { state -> [CheckedContinuation<Void, Never>] in
                if deadline <= state.now { return [continuation] }
                state.sleepers.append((deadline, continuation))
                let ready = state.watchers.filter { $0.0 <= state.sleepers.count }.map(\.1)
                state.watchers.removeAll { $0.0 <= state.sleepers.count }
                return ready
            }
            for one in woken { one.resume() }
        }
    }

    /// Waits until `count` tasks sleep.
    func waitForSleepers(_ count: Int) async {
        await withCheckedContinuation { continuation in
            let isReady = state.withLock { state -> Bool in
                if state.sleepers.count >= count { return true }
                state.watchers.append((count, continuation))
                return false
            }
            if isReady { continuation.resume() }
        }
    }

    func advance(by duration: Duration) {
        let woken = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            let now = state.now.advanced(by: duration)
            state.now = now
            let due = state.sleepers.filter { $0.0 <= now }.map(\.1)
            state.sleepers.removeAll { $0.0 <= now }
            return due
        }
        for one in woken { one.resume() }
    }
}

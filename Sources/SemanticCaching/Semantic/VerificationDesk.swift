internal import Embeddings

/// Asks the verifier: once for each pair however many ask at the same time, never longer than a deadline.
///
/// What the verifier said of a pair is remembered; that it failed or was late is not.
package final class VerificationDesk: Sendable {
    private let verifier: any HitVerifier
    private let clock: any CacheClock
    private let flights = SingleFlight<Digest256, Bool>()
    private let memo = ExactCache<Bool>(
        .init(maximumEntries: 10_000, maximumBytes: 16 << 20, eviction: .leastRecentlyUsed, shardCount: 4)
    )

    init(_ verifier: any HitVerifier, clock: any CacheClock) {
        self.verifier = verifier
        self.clock = clock
    }

    /// What a request that does not wait is told.
    var deferral: Verification { Verification(verifier: verifier.name, outcome: .deferred) }

    /// Asks about a pair; an error or a late answer is no confirmation.
    func verify(_ pair: VerificationPair, within deadline: Duration) async -> Verification {
        let outcome: Verification.Outcome
        do {
            outcome = try await mayServe(pair, within: deadline) ? .confirmed : .refused
        } catch {
            outcome = error is DeadlineExceeded ? .timedOut : .failed
        }
        return Verification(verifier: verifier.name, outcome: outcome)
    }

    private func mayServe(_ pair: VerificationPair, within deadline: Duration) async throws -> Bool {
        let digest = pair.digest
        let now = clock.now
        if let known = memo.value(for: digest, now: now) { return known }
        return try await withDeadline(deadline, on: clock.deadlines) { [self] in
            try await flights.run(digest) { [self] in
                // A flight may have landed between the look above and this one.
                if let known = memo.value(for: digest, now: now) { return known }
                let answer = try await verifier.mayServe(pair)
                memo.insert(answer, for: digest, byteCount: 64, expiresAt: nil, now: now)
                return answer
            }.value
        }
    }
}

extension VerificationPair {
    /// What is equal for equal pairs only.
    fileprivate var digest: Digest256 {
        var bytes: [UInt8] = []
        for text in [question, storedQuestion, storedAnswer] {
            // The length keeps the three texts apart, whatever they are.
            withUnsafeBytes(of: text.utf8.count.littleEndian) { bytes.append(contentsOf: $0) }
            bytes.append(contentsOf: text.utf8)
        }
        return Digest256(hashing: bytes)
    }
}

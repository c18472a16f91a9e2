public import SemanticCaching
internal import Synchronization

extension RedisSharedTier {
    /// Asks for the right to fetch an answer for all replicas.
    public func lease(key: Digest256, in namespace: NamespaceID) async throws -> SharedLease {
        let secret = replica + "-" + String(counters.leases.add(1, ordering: .relaxed).newValue)
        let token = SharedLease.Token(key: key, namespace: namespace, secret: secret)
        guard configuration.usesLeases else { return .granted(token) }
        let keys = keys(namespace)
        let reply = try await run(
            Scripts.lease,
            keys: [keys.question(key), keys.lease(key)],
            [keys.prefix, KeySpace.field(key), secret, configuration.leaseDuration.nanoseconds / 1_000_000],
            on: .lookups,
            // The model takes seconds: a few milliseconds more to ask it once are well spent.
            within: max(configuration.lookupDeadline * 4, .milliseconds(50))
        )
        switch reply {
        case .integer(0):
            counters.leaseWaits.add(1, ordering: .relaxed)
            return .taken
        case .integer:
            renew(token)
            return .granted(token)
        default:
            guard let match = decodeMatch(reply, in: namespace) else { return .granted(token) }
            return .answered(match)
        }
    }

    /// For how long a lease is renewed at the most.
    public var maximumLeaseDuration: Duration { configuration.maximumLeaseDuration }

    /// Suspends until another replica has stored an answer under the key, or a short time has passed.
    public func change(of key: Digest256, in namespace: NamespaceID) async throws {
        // Who hears of the answer need not ask often; only that the holder died is to be found out.
        let hears = isCurrent(namespace, within: .seconds(1))
        await waiters.wait(for: key, atMost: hears ? .milliseconds(200) : .milliseconds(25))
        try Task.checkCancellation()
    }

    /// Extends a lease until it is given back, or the model takes longer than a model should.
    private func renew(_ token: SharedLease.Token) {
        let pause = configuration.leaseDuration / 3
        let rounds = Int(configuration.maximumLeaseDuration / pause)
        let renewal = Task { [self] in
            let key = keys(token.namespace).lease(token.key)
            let milliseconds = configuration.leaseDuration.nanoseconds / 1_000_000
            for _ in 0..<rounds {
                do { try await Task.sleep(for: pause) } catch { return }
                let reply = try? await run(Scripts.renew, keys: [key], [token.secret, milliseconds])
                if reply == .integer(0) { break }
            }
            _ = state.withLock { $0.leases.removeValue(forKey: token) }
        }
        state.withLock { $0.leases[token] = renewal }
    }
}

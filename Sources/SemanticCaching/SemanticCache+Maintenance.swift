internal import Logging

extension SemanticCache {
    /// Reclaims answers that are no longer of use; returns how many. Call it now and then, or let ``run()`` do it.
    ///
    /// Lookups never serve such answers, swept or not: sweeping only frees their room.
    /// - Throws: ``CacheError`` with `storeUnavailable`.
    @discardableResult
    public func sweep(limit: Int = 10_000) async throws -> Int {
        var count = 0
        for namespace in namespaces.all where count < limit {
            var expired = EntryFilter(namespace: namespace.id)
            expired.expiredAt = clock.now - namespace.settings.longestStaleness
            count += try await removeAll(matching: expired, limit: limit - count)
            guard namespace.epoch > 0 else { continue }
            var outdated = EntryFilter(namespace: namespace.id)
            outdated.epochBefore = namespace.epoch
            count += try await removeAll(matching: outdated, limit: limit - count)
        }
        exact.removeExpired(now: clock.now, limit: limit)
        return count
    }

    private func removeAll(matching filter: EntryFilter, limit: Int) async throws -> Int {
        var count = 0
        while count < limit {
            let batch = try await store.entries(matching: filter, after: nil, limit: min(512, limit - count))
            guard !batch.isEmpty else { break }
            count += try await remove(batch.map(\.id))
        }
        return count
    }

    /// Sweeps until the task is cancelled; a service to run beside the program.
    public func run(every interval: Duration = .seconds(30)) async throws {
        while !Task.isCancelled {
            do { try await clock.sleep(for: interval) } catch { return }
            do { try await sweep() } catch {
                logger.warning("a sweep failed; the next one tries again", metadata: ["error": "\(error)"])
            }
        }
    }
}

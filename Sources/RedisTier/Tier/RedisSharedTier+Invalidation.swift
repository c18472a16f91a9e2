public import SemanticCaching
internal import Synchronization

extension RedisSharedTier {
    /// So many answers go in one script: it must not hold the server for long.
    private static let removalBatch = 256

    /// Removes answers for all replicas; when this returns, the server has them no more and its stream says so.
    public func remove(_ entries: [EntryID], in namespace: NamespaceID) async throws {
        forget { entries.contains($0.entry.id) }
        _ = try await removeStored(entries, keys(namespace))
    }

    /// Removes what a selector selects, in every replica; returns the answers that the server held.
    ///
    /// Replicas that follow a namespace are told the selector, because they may hold what the server does not.
    /// The stream has the selector before the server's own copy is walked: replicas stop serving within milliseconds, however
    /// long the walk takes. There is no index by tag in the server, which would cost every store for what is seldom asked.
    /// - Complexity: O(answers of the namespaces concerned); by ids alone O(ids × namespaces).
    public func invalidate(_ selector: InvalidationSelector) async throws -> [EntryID] {
        forget { selector.selects($0.entry, questions: [$0.question]) }
        var removed: [EntryID] = []
        for namespace in try await registeredNamespaces() where selector.concerns(namespace) {
            let keys = keys(namespace)
            if selector.selectsByIDAlone, let ids = selector.ids {
                removed += try await removeStored(ids.sorted(), keys)
                continue
            }
            let blob = SelectorCodec.encode(selector)
            _ = try await run(Scripts.announce, keys: [keys.meta, keys.stream], changeArguments + [blob])
            // Without a condition on questions the answers tell, in a fifth of the bytes.
            let asksQuestions = selector.question != nil || selector.filter.questionPrefix != nil
            try await forEachPage(of: namespace, withWordings: asksQuestions) { page, _ in
                let selected = page.filter { selector.selects($0.entry, questions: $0.questions) }.map(\.entry.id)
                removed += try await removeStored(selected, keys)
            }
        }
        return removed
    }

    /// Makes a namespace's answers of earlier epochs invisible to every replica; returns the new epoch.
    public func raiseEpoch(of namespace: NamespaceID, toAtLeast epoch: UInt64) async throws -> UInt64 {
        forget { $0.entry.namespace == namespace && $0.entry.epoch < epoch }
        let keys = keys(namespace)
        let reply = try await run(Scripts.raiseEpoch, keys: [keys.meta, keys.stream], changeArguments + [epoch])
        guard let raised = reply.text.flatMap({ EpochLimit.epoch($0) }) else {
            throw RedisError.unexpectedReply("epoch")
        }
        return raised
    }

    private func removeStored(_ entries: [EntryID], _ keys: KeySpace) async throws(RedisError) -> [EntryID] {
        for start in stride(from: 0, to: entries.count, by: Self.removalBatch) {
            let batch = entries[start..<min(start + Self.removalBatch, entries.count)].map(\.description)
            do {
                _ = try await run(
                    Scripts.remove,
                    keys: [keys.meta, keys.stream],
                    changeArguments + [keys.prefix] + batch
                )
            } catch .server(let text) where ServerFault(text) == .outOfMemory {
                // A full server writes nothing, not even to its stream; deleting makes the room for that.
                let unlink = RedisCommand("UNLINK", batch.map { keys.prefix + "e:" + $0 }, key: keys.meta)
                _ = try await client.execute(unlink, within: configuration.commandDeadline)
                _ = try await run(
                    Scripts.remove,
                    keys: [keys.meta, keys.stream],
                    changeArguments + [keys.prefix] + batch
                )
            }
        }
        return entries
    }

    /// Takes answers that were removed out of what waits to be written.
    func forget(_ isRemoved: (PublishQueue.Publication) -> Bool) {
        state.withLock { state in
            state.queue.remove(where: isRemoved)
            for (id, item) in state.writing where isRemoved(item) { state.removedWhileWriting.insert(id) }
        }
    }

    /// The namespaces that replicas have followed or published to.
    package func registeredNamespaces() async throws(RedisError) -> [NamespaceID] {
        await start()
        let registry = KeySpace.registry(prefix: configuration.url.prefix)
        let reply = try await client.execute(RedisCommand("HGETALL", [registry], key: registry))
        guard let values = reply.array else { throw .unexpectedReply("HGETALL") }
        let names = stride(from: 0, to: values.count - 1, by: 2).compactMap { index -> NamespaceID? in
            guard let namespace = values[index + 1].text.flatMap({ NamespaceID(epochName: $0) }),
                keys(namespace).digest == values[index].text
            else { return nil }
            return namespace
        }
        return names.sorted { $0.description < $1.description }
    }
}

internal import SemanticCaching
internal import Synchronization

/// An answer with all its wordings, as the server has it.
struct SharedEntry: Sendable {
    let entry: CacheEntry
    let questions: [CachedQuestion]
}

// Reading namespaces as a whole, and answers by their ids.
extension RedisSharedTier {
    /// So many answers are read at a time.
    private static let pageSize = 512
    /// So many in one pipeline.
    private static let pipeline = 128
    /// So many pipelines are under way: the server works on one while another is decoded here.
    private static let pipelinesAtOnce = 2

    /// Hands over all answers of a namespace, a page at a time, while the next page is on its way.
    ///
    /// Each page comes with the ids that it was asked for: answers that are gone, or damaged, are in those alone. What is
    /// there from the beginning to the end is handed over at least once.
    ///
    /// - Parameter withWordings: Whether the wordings are wanted; with their vectors they are the greater part by far.
    func forEachPage(
        of namespace: NamespaceID,
        withWordings: Bool = true,
        _ body: (_ page: [SharedEntry], _ ids: [EntryID]) async throws -> Void
    ) async throws {
        let keys = keys(namespace)
        var cursor = "0"
        var next: Task<[SharedEntry], any Error>?
        var nextIDs: [EntryID] = []
        repeat {
            let scan = RedisCommand("ZSCAN", [keys.ids, cursor, "COUNT", Self.pageSize], key: keys.ids)
            let reply = try await client.execute(scan, on: .feed, within: configuration.commandDeadline)
            guard let parts = reply.array, parts.count == 2, let following = parts[0].text, let members = parts[1].array
            else { throw RedisError.unexpectedReply("ZSCAN") }
            cursor = following
            let ids = stride(from: 0, to: members.count, by: 2).compactMap { index in
                members[index].text.flatMap { EntryID($0) }
            }
            // Taking a page in is work for all threads of its priority; behind that, the next page would not get on its way.
            let task = Task(priority: .high) { try await self.entries(ids, in: namespace, withWordings: withWordings) }
            if let ready = next { try await body(try await ready.value, nextIDs) }
            (next, nextIDs) = (task, ids)
        } while cursor != "0"
        if let last = next { try await body(try await last.value, nextIDs) }
    }

    /// The answers of these ids that the server has, in any order; damaged ones are left out and counted.
    func entries(
        _ ids: [EntryID],
        in namespace: NamespaceID,
        withWordings: Bool = true
    ) async throws(RedisError) -> [SharedEntry] {
        let pages = stride(from: 0, to: ids.count, by: Self.pipeline).map { start in
            Array(ids[start..<min(start + Self.pipeline, ids.count)])
        }
        guard pages.count > 1 else { return try await pipeline(pages.first ?? [], in: namespace, withWordings) }
        let results = await withTaskGroup(of: Result<[SharedEntry], RedisError>.self) { group in
            var results: [Result<[SharedEntry], RedisError>] = []
            for (number, page) in pages.enumerated() {
                if number >= Self.pipelinesAtOnce, let result = await group.next() { results.append(result) }
                group.addTask {
                    do throws(RedisError) {
                        return .success(try await self.pipeline(page, in: namespace, withWordings))
                    } catch {
                        return .failure(error)
                    }
                }
            }
            for await result in group { results.append(result) }
            return results
        }
        var entries: [SharedEntry] = []
        for result in results { entries += try result.get() }
        return entries
    }

    /// Reads answers in one pipeline, which has its own time: a page of large ones must not need more than that of a small one.
    private func pipeline(
        _ ids: [EntryID],
        in namespace: NamespaceID,
        _ withWordings: Bool
    ) async throws(RedisError) -> [SharedEntry] {
        let keys = keys(namespace)
        let commands = ids.map { id in
            let key = keys.entry(id)
            return withWordings
                ? RedisCommand("HGETALL", [key], key: key) : RedisCommand("HGET", [key, "a"], key: key)
        }
        let replies = try await client.execute(commands, on: .feed, within: configuration.commandDeadline)
        return replies.compactMap { decodeEntry(withWordings ? $0 : Self.asFields($0), in: namespace) }
    }

    /// The answer alone as it stands among all fields; what is no answer stays what it is.
    private static func asFields(_ reply: RedisValue) -> RedisValue {
        guard case .bytes = reply else { return reply }
        return .array([.bytes([UInt8(ascii: "a")]), reply])
    }

    private func decodeEntry(_ reply: RedisValue, in namespace: NamespaceID) -> SharedEntry? {
        if case .error = reply {
            skip(.foreign, in: namespace)
            return nil
        }
        guard let fields = reply.array, !fields.isEmpty else { return nil }
        var entry: CacheEntry?
        var questions: [CachedQuestion] = []
        for index in stride(from: 0, to: fields.count - 1, by: 2) {
            guard let name = fields[index].bytes, let value = fields[index + 1].bytes else { continue }
            do throws(CodecError) {
                switch name.first {
                case UInt8(ascii: "a"): entry = try EntryCodec.decodeEntry(value)
                case UInt8(ascii: "q"): questions.append(try EntryCodec.decodeQuestion(value))
                default: throw .foreign
                }
            } catch {
                skip(error, in: namespace)
            }
        }
        guard let entry else { return nil }
        guard entry.namespace == namespace else {
            skip(.foreign, in: namespace)
            return nil
        }
        return SharedEntry(entry: entry, questions: questions.filter { $0.entry == entry.id })
    }

    /// What the server says of a namespace's stream.
    struct Meta: Sendable {
        /// The last change; nil if there never was one.
        var top: StreamPosition?
        var epoch: UInt64 = 0
    }

    func meta(of namespaces: [NamespaceID]) async throws(RedisError) -> [Meta] {
        var metas: [Meta] = []
        for group in client.topology.isCluster ? namespaces.map({ [$0] }) : [namespaces] where !group.isEmpty {
            let commands = group.map { namespace in
                let key = keys(namespace).meta
                return RedisCommand("HMGET", [key, "n", "c", "e"], key: key)
            }
            let replies = try await client.execute(commands, on: .feed, within: configuration.commandDeadline)
            for reply in replies {
                guard let values = reply.array, values.count == 3 else { throw .unexpectedReply("HMGET") }
                var meta = Meta()
                if let incarnation = values[0].integer, let number = values[1].integer, incarnation >= 0, number >= 0 {
                    meta.top = StreamPosition(incarnation: UInt64(incarnation), number: UInt64(number))
                }
                meta.epoch = values[2].text.flatMap { EpochLimit.epoch($0) } ?? 0
                metas.append(meta)
            }
        }
        return metas
    }
}

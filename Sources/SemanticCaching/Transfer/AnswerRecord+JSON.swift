internal import FoundationEssentials
internal import StrictJSON

/// One line of an export; docs/STORAGE-FORMAT.md describes the members.
extension AnswerRecord {
    /// The version of the format; readers accept this one and those before.
    static let formatVersion = 1

    /// The record as a line of JSON, without the line's end.
    package func jsonLine(withVectors: Bool) -> [UInt8] {
        var object: JSONObject = ["semcache": .integer(Self.formatVersion), "id": .string(entry.id.description)]
        object["tenant"] = entry.namespace.tenant.isEmpty ? nil : .string(entry.namespace.tenant)
        object["namespace"] = .string(entry.namespace.name)
        object["model"] = .string(entry.model)
        object["prompt_version"] = entry.promptVersion.isEmpty ? nil : .string(entry.promptVersion)
        object["created_ms"] = .integer(Int(entry.createdAt.milliseconds))
        object["expires_ms"] = entry.expiresAt.map { .integer(Int($0.milliseconds)) }
        object["epoch"] = entry.epoch == 0 ? nil : .integer(Int(clamping: entry.epoch))
        object["latency_ms"] = entry.upstreamLatency.map { .double($0.inSeconds * 1000) }
        object["cost_usd"] = entry.cost.map { .double($0) }
        object["tags"] = entry.tags.isEmpty ? nil : .array(entry.tags.map { .string($0) })
        object["reply"] = Self.json(of: entry.reply)
        object["questions"] = .array(questions.map { Self.json(of: $0, withVector: withVectors) })
        return JSONValue.object(object).serialized()
    }

    private static func json(of reply: CachedReply) -> JSONValue {
        var object: JSONObject = ["text": .string(reply.text), "finish_reason": .string(reply.finishReason.rawValue)]
        object["model"] = reply.model.map { .string($0) }
        object["usage"] = reply.usage.map { usage in
            [
                "prompt_tokens": .integer(usage.promptTokens),
                "cached_prompt_tokens": .integer(usage.cachedPromptTokens),
                "completion_tokens": .integer(usage.completionTokens),
            ]
        }
        object["wire"] = reply.wire.map { wire in
            // As text where it is text, which it always is unless somebody stored something else.
            if let text = String(validating: wire.json, as: UTF8.self) {
                ["format": .string(wire.format), "json": .string(text)]
            } else {
                ["format": .string(wire.format), "base64": .string(Data(wire.json).base64EncodedString())]
            }
        }
        return .object(object)
    }

    private static func json(of question: CachedQuestion, withVector: Bool) -> JSONValue {
        var object: JSONObject = [
            "text": .string(question.text),
            "key": .string(question.key.description),
            "check": .string(question.check.description),
        ]
        object["partition"] = question.partition.map { .string($0.description) }
        object["created_ms"] = .integer(Int(question.createdAt.milliseconds))
        guard withVector, let vector = question.vector else { return .object(object) }
        object["embedding_model"] = question.embeddingModel.map { .string($0) }
        object["vector"] = .string(vector.withUnsafeBytes { Data($0) }.base64EncodedString())
        return .object(object)
    }
}

extension AnswerRecord {
    /// Reads a line of an export.
    init(_ object: JSONObject) throws(TransferFault) {
        let members = TransferMembers(object)
        let version = try members.integer("semcache")
        guard version <= Self.formatVersion else {
            throw TransferFault("format version \(version) is newer than this program")
        }
        guard let id = EntryID(try members.text("id")) else { throw TransferFault("'id' is no id") }
        let latency = try members.optionalNumber("latency_ms")
        if let latency, !(0...1e9).contains(latency) { throw TransferFault("'latency_ms' is out of range") }
        let cost = try members.optionalNumber("cost_usd")
        if let cost, !(0...CacheEntry.maximumCost).contains(cost) { throw TransferFault("'cost_usd' is out of range") }
        entry = CacheEntry(
            id: id,
            namespace: NamespaceID(
                tenant: try members.optionalText("tenant") ?? "",
                name: try members.optionalText("namespace") ?? "default"
            ),
            model: try members.optionalText("model") ?? "",
            promptVersion: try members.optionalText("prompt_version") ?? "",
            reply: try Self.reply(try members.object("reply")),
            tags: try members.texts("tags"),
            createdAt: try members.time("created_ms"),
            expiresAt: try members.optionalTime("expires_ms"),
            epoch: UInt64(clamping: try members.optionalInteger("epoch") ?? 0),
            upstreamLatency: latency.map { .nanoseconds(Int64(($0 * 1e6).rounded())) },
            cost: cost
        )
        questions = []
        for question in try members.objects("questions") {
            questions.append(try Self.question(question, of: id, createdAt: entry.createdAt))
        }
        guard !questions.isEmpty else { throw TransferFault("'questions' is empty") }
    }

    private static func reply(_ members: TransferMembers) throws(TransferFault) -> CachedReply {
        var reply = CachedReply(
            text: try members.text("text"),
            finishReason: .init(rawValue: try members.optionalText("finish_reason") ?? "stop"),
            model: try members.optionalText("model")
        )
        if let usage = try members.optionalObject("usage") {
            reply.usage =
                TokenUsage(
                    promptTokens: try usage.optionalInteger("prompt_tokens") ?? 0,
                    cachedPromptTokens: try usage.optionalInteger("cached_prompt_tokens") ?? 0,
                    completionTokens: try usage.optionalInteger("completion_tokens") ?? 0
                ).bounded
        }
        if let wire = try members.optionalObject("wire") {
            let bytes = try wire.optionalBase64("base64")
            let json = try wire.optionalText("json").map { Array($0.utf8) }
            guard let body = bytes ?? json else { throw TransferFault("'json' is missing") }
            reply.wire = .init(format: try wire.text("format"), json: body)
        }
        return reply
    }

    private static func question(
        _ members: TransferMembers,
        of entry: EntryID,
        createdAt: Timestamp
    ) throws(TransferFault) -> CachedQuestion {
        var question = CachedQuestion(
            id: 0,
            entry: entry,
            text: try members.text("text"),
            key: try members.digest("key"),
            check: try members.digest("check"),
            partition: try members.optionalDigest("partition"),
            embeddingModel: try members.optionalText("embedding_model"),
            createdAt: try members.optionalTime("created_ms") ?? createdAt
        )
        if let bytes = try members.optionalBase64("vector") {
            guard bytes.count.isMultiple(of: 4) else { throw TransferFault("'vector' is cut off") }
            question.vector = bytes.withUnsafeBytes { raw in
                stride(from: 0, to: bytes.count, by: 4).map { offset in
                    Float(bitPattern: UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
                }
            }
            guard question.vector?.allSatisfy(\.isFinite) == true else {
                throw TransferFault("'vector' has what is no finite number")
            }
        }
        return question
    }
}

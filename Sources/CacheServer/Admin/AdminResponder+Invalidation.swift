internal import Hummingbird
internal import SemanticCaching
internal import StrictJSON

extension AdminResponder {
    /// Invalidates the answers that meet all conditions of the body.
    func invalidate(_ request: AdminRequest) async throws -> Response {
        let body = try await request.body()
        let known: Set<String> = [
            "ids", "tenant", "namespace", "tag", "model", "prompt_version", "prefix", "pattern", "before", "near",
            "similarity", "dry_run",
        ]
        if let unknown = body.members.first(where: { !known.contains($0.key) }) {
            throw AdminRequest.fault(unknown.key, "one of \(known.sorted().joined(separator: ", "))")
        }
        // A condition without a value would widen what is meant: it is refused, not passed over.
        if let empty = body.members.first(where: \.value.isNull) {
            throw AdminRequest.fault(empty.key, "given a value, or left out")
        }
        let similarity = try Self.similarity(body)
        var selector = try Self.selector(body)
        if let text = try body.text("near") {
            guard let similarity else {
                throw AdminRequest.fault("similarity", "given with near")
            }
            guard cache.hasEmbedder else {
                throw ErrorAnswer(.conflict, code: "no_embedder", "near needs an embedder; this cache has none.")
            }
            let near = try await entries(near: text, similarity: similarity, among: selector)
            selector.ids = selector.ids?.intersection(near) ?? near
        }
        guard !selector.isEmpty else {
            throw AdminRequest.fault(
                "the body",
                "at least one condition; to clear all, name the tenant or the namespace"
            )
        }
        guard try !body.flag("dry_run") else {
            let preview = try await cache.preview(selector)
            return .json([
                "matched": .integer(preview.entries), "dry_run": true,
                "examples": .array(preview.examples.map { .string($0.question) }),
            ])
        }
        return .json(["matched": .integer(try await cache.invalidate(selector)), "dry_run": false])
    }

    /// The answers near a text in the namespaces that a selector may concern: the one that it names, or all that fit.
    private func entries(
        near text: String,
        similarity: Float,
        among selector: InvalidationSelector
    ) async throws -> Set<EntryID> {
        var namespaces = selector.filter.namespace.map { [$0] } ?? []
        if namespaces.isEmpty {
            namespaces = try await cache.store.usageByNamespace().keys.filter { selector.concerns($0) }
        }
        var found: Set<EntryID> = []
        for namespace in namespaces {
            do {
                found.formUnion(try await cache.entries(near: text, similarity: similarity, in: namespace))
            } catch let error where !(error is CacheError || error is CancellationError) {
                throw ErrorAnswer(
                    .serviceUnavailable,
                    type: "server_error",
                    code: "embedder_unavailable",
                    "The embedder gave no vector of the text."
                )
            }
        }
        return found
    }

    /// Longer patterns are refused before they are compiled.
    private static let maximumPatternLength = 1_000

    private static func similarity(_ body: JSONObject) throws -> Float? {
        guard let value = body["similarity"] else { return nil }
        guard let similarity = value.doubleValue, (0...1).contains(similarity) else {
            throw AdminRequest.fault("similarity", "a number from 0 to 1")
        }
        return Float(similarity)
    }

    private static func selector(_ body: JSONObject) throws -> InvalidationSelector {
        var selector = InvalidationSelector()
        if body["ids"] != nil {
            let ids = try body.texts("ids")
            let entries = ids.compactMap { EntryID($0) }
            guard !ids.isEmpty, entries.count == ids.count else {
                throw AdminRequest.fault("ids", "a list of ids of entries, not empty")
            }
            selector.ids = Set(entries)
        }
        // A tenant alone means all that is its own, as it does to `semcache invalidate`.
        let tenant = try body.text("tenant")
        if let name = try body.text("namespace") {
            selector.filter.namespace = NamespaceID(tenant: tenant ?? "", name: name)
        } else {
            selector.tenant = tenant
        }
        selector.filter.tag = try body.text("tag")
        selector.filter.model = try body.text("model")
        selector.filter.promptVersion = try body.text("prompt_version")
        selector.filter.questionPrefix = try body.text("prefix")
        if let pattern = try body.text("pattern") {
            guard pattern.unicodeScalars.count <= Self.maximumPatternLength else {
                throw AdminRequest.fault("pattern", "of at most \(Self.maximumPatternLength) characters")
            }
            do { selector.question = try QuestionPattern(glob: pattern) } catch {
                throw AdminRequest.fault("pattern", "a pattern in which * and ? stand for characters")
            }
        }
        if let before = body["before"] {
            guard let milliseconds = before.intValue, (0...AdminRequest.greatestInteger).contains(milliseconds) else {
                throw AdminRequest.fault("before", "milliseconds since 1970")
            }
            selector.filter.createdBefore = Timestamp(milliseconds: Int64(milliseconds))
        }
        return selector
    }

    /// Tells of something that makes answers wrong, for the event rules: `{name, values?}`.
    func event(_ request: AdminRequest) async throws -> Response {
        let body = try await request.body()
        var values: [String: String] = [:]
        if let given = body["values"], !given.isNull {
            guard let members = given.objectValue?.members else { throw AdminRequest.fault("values", "an object") }
            for member in members {
                guard let text = member.value.stringValue ?? member.value.numberValue?.text else {
                    throw AdminRequest.fault("values.\(member.key)", "a string or a number")
                }
                values[member.key] = text
            }
        }
        let count = try await cache.handle(CacheEvent(try body.requiredText("name"), values))
        return .json(["matched": .integer(count)])
    }
}

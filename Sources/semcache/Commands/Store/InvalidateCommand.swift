import ArgumentParser
import SQLiteStorage
import SemanticCaching

/// Removes all answers that fit conditions.
struct InvalidateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "invalidate",
        abstract: "Remove the answers that fit all given conditions; --dry-run only counts them.",
        discussion: """
            At least one condition must be given. To empty a namespace, name it: --namespace faq. What is removed stays \
            removed, in memory, in the indexes and on disk, and with --redis in every replica.
            """
    )

    @Option(name: .customLong("id"), help: ArgumentHelp("Only this answer; may be repeated.", valueName: "id"))
    var ids: [EntryID] = []

    @OptionGroup var filter: FilterOptions
    @OptionGroup var questions: QuestionOptions

    @Flag(name: .long, help: "Count what would go and show some of it; remove nothing.")
    var dryRun = false

    @OptionGroup var removal: RemovalOptions
    @OptionGroup var data: StoreOptions
    @OptionGroup var embedding: EmbedderOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard try !selector.isEmpty || questions.near != nil else {
            throw ValidationError("give at least one condition, such as --tag doc:42 or --namespace faq")
        }
    }

    private var selector: InvalidationSelector {
        get throws {
            var selector = filter.selector
            if !ids.isEmpty { selector.ids = Set(ids) }
            selector.question = try questions.pattern
            return selector
        }
    }

    func run() async throws {
        let embedder = questions.near == nil ? nil : try embedding.makeEmbedder()
        let total = try await data.withStore(for: dryRun ? .reading : .writing) { store in
            var selector = try selector
            if let near = questions.near, let similarity = questions.similarity {
                let cache = try await StoredCache.open(store, embedder: embedder, configuration: CacheConfiguration())
                let namespace = filter.filter.namespace
                let found = try await Self.entries(near: near, similarity: similarity, in: cache, namespace)
                selector.ids = selector.ids.map { $0.intersection(found) } ?? found
            }
            return try await removal.remove([selector], from: store, dryRun: dryRun)
        }
        InvalidationReport(command: "invalidate", total: total, isDryRun: dryRun).print(isJSON: output.json)
    }

    /// The answers near a text, in one namespace or in all.
    private static func entries(
        near text: String,
        similarity: Float,
        in cache: SemanticCache,
        _ namespace: NamespaceID?
    ) async throws -> Set<EntryID> {
        let count = max(1, try await cache.store.usage().questions)
        let all = try await cache.store.usageByNamespace().keys
        var found: Set<EntryID> = []
        for namespace in namespace.map({ [$0] }) ?? Array(all) {
            found.formUnion(try await cache.entries(near: text, similarity: similarity, in: namespace, limit: count))
        }
        return found
    }
}

import CacheTuning
import Embeddings
import SemanticCaching

/// An engine that a stream is played against: a file's, or the default one with what the flags say.
struct ReplayContender {
    /// What the report calls it.
    private(set) var name: String
    private var settings: Settings
    private var policy = Policies.standard

    /// Reads a configuration as `serve` does, but for the environment: that would make files alike which are compared.
    ///
    /// - Throws: `ConfigurationFault`.
    init(file: String?, flags: [String: SettingsReader.Flag]) throws {
        name = file ?? "default"
        settings = try SettingsReader(path: file, flags: flags, environment: [:]).read().settings
    }

    /// The same engine with another policy in every namespace.
    ///
    /// - Throws: `UsageError` for a policy that the engine does not have.
    func deciding(by policy: ReplayCommand.Policy, maximumError: Double) throws -> Self {
        var other = self
        other.name = "\(name), \(policy.rawValue)"
        switch policy {
        case .exact: other.settings.embedder.isEnabled = false
        case .threshold:
            other.policy = ThresholdPolicy()
            other.changeSettings { $0.maximumErrorRate = nil }
        case .guards: other.changeSettings { $0.maximumErrorRate = nil }
        case .calibrated: other.changeSettings { $0.maximumErrorRate = $0.maximumErrorRate ?? maximumError }
        case .vcache:
            throw UsageError(message: "the engine has no policy vcache; leave out --config, --compare and --set")
        }
        return other
    }

    /// The replay, with the vectors at hand and the verifier of the settings.
    func replay(_ embedders: inout ReplayEmbedders) async throws -> EngineReplay {
        EngineReplay(
            configuration: settings.cache,
            policy: policy,
            embedder: settings.embedder.isEnabled ? try await embedders.memo(of: settings.embedder) : nil,
            verifier: try settings.verifier.make().verifier,
            namespace: settings.serving.defaultNamespace
        )
    }

    private mutating func changeSettings(_ change: @escaping @Sendable (inout NamespaceSettings) -> Void) {
        change(&settings.cache.namespaces)
        settings.cache.rules = settings.cache.rules.map { rule in
            NamespaceRule(rule.pattern.text) { settings in
                rule.apply(&settings)
                change(&settings)
            }
        }
    }
}

/// The vectors of a stream's texts, computed once for each model.
struct ReplayEmbedders {
    let texts: [String]
    private var memos: [[String?]: MemoizingEmbedder] = [:]

    init(texts: [String]) { self.texts = texts }

    /// An embedder that knows all texts already.
    mutating func memo(of choice: EmbedderChoice) async throws -> MemoizingEmbedder {
        let identity = [choice.folder, choice.url.map { "\($0)" }, choice.name, choice.dimension.map { "\($0)" }]
        if let known = memos[identity] { return known }
        let distinct = Array(Set(texts)).sorted()
        let memo = MemoizingEmbedder(
            base: try choice.makeEmbedder(),
            maximumEntries: max(1, texts.count),
            maximumTextBytes: .max
        )
        _ = try await Progress.embed(distinct, with: memo)
        memos[identity] = memo
        return memo
    }
}

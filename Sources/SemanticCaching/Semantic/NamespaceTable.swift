internal import Synchronization

/// All namespaces in use; one is made when it is first asked for, with the settings that its parents give it.
final class NamespaceTable: Sendable {
    private struct State {
        var namespaces: [NamespaceID: NamespaceState] = [:]
        var epochs: [NamespaceID: UInt64] = [:]
        var learners: [NamespaceID: PolicyLearner] = [:]
        var judged: [NamespaceID: JudgedAnswers] = [:]
        /// The namespaces that are a tenant's own.
        var byTenant: [String: [NamespaceState]] = [:]
        var configuration: CacheConfiguration
        var tuned: [NamespaceID: TunedSettings] = [:]

        mutating func add(_ id: NamespaceID, settings: NamespaceSettings, model: String?) -> NamespaceState {
            var settings = settings
            tuned[id]?.apply(to: &settings)
            let learner = settings.maximumErrorRate.flatMap { rate -> PolicyLearner? in
                guard let model else { return nil }
                var calibration = CalibrationSettings(maximumErrorRate: rate)
                calibration.countsErrorsPerHit = settings.countsErrorsPerHit
                if var known = learners[id] {
                    known.reconfigure(calibration)
                    return known
                }
                if let parent = parentLearner(of: id) {
                    return PolicyLearner(settings: calibration, inheriting: parent)
                }
                return PolicyLearner(settings: calibration, embeddingModel: model)
            }
            let made = NamespaceState(
                id: id,
                settings: settings,
                epoch: epochs[id] ?? 0,
                learner: learner,
                judged: judged.removeValue(forKey: id)
            )
            namespaces[id] = made
            byTenant[id.tenant, default: []].append(made)
            return made
        }

        /// What the nearest ancestor along `/` has learned, of the same tenant.
        private func parentLearner(of id: NamespaceID) -> PolicyLearner? {
            var name = id.name[...]
            while let slash = name.lastIndex(of: "/") {
                name = name[..<slash]
                let parent = NamespaceID(tenant: id.tenant, name: String(name))
                if let learner = namespaces[parent]?.learning?.snapshot ?? learners[parent] { return learner }
            }
            return nil
        }
    }

    /// The tenant of namespaces that tenants share; no caller can be it, as the engine refuses its name.
    static let sharedTenant = "*"

    private let state: Mutex<State>
    private let embeddingModel: String?

    init(configuration: CacheConfiguration, embeddingModel: String?) {
        state = Mutex(State(configuration: configuration))
        self.embeddingModel = embeddingModel
    }

    /// The namespace of a scope: the tenant's own, or the one that tenants share if its settings say so.
    ///
    /// - Complexity: O(1); O(*r*) for *r* rules when a namespace is first asked for.
    subscript(id: NamespaceID) -> NamespaceState {
        state.withLock { state in
            if let known = state.namespaces[id] { return known }
            let settings = state.configuration.settings(for: id)
            guard settings.isShared, id.tenant != Self.sharedTenant else {
                return state.add(id, settings: settings, model: embeddingModel)
            }
            // The tenant's own name is kept as an alias of the shared namespace, so that the next look is one step.
            let sharedID = NamespaceID(tenant: Self.sharedTenant, name: id.name)
            let shared = state.namespaces[sharedID] ?? state.add(sharedID, settings: settings, model: embeddingModel)
            state.namespaces[id] = shared
            return shared
        }
    }

    /// Where the answers of a namespace lie: itself, or the one that tenants share; makes none.
    func home(of id: NamespaceID) -> NamespaceID {
        state.withLock { state in
            if let known = state.namespaces[id] { return known.id }
            return state.configuration.settings(for: id).isShared
                ? NamespaceID(tenant: Self.sharedTenant, name: id.name) : id
        }
    }

    /// The namespaces in use, each once, in no order.
    var inUse: [NamespaceState] {
        state.withLock { state in state.namespaces.compactMap { $0.key == $0.value.id ? $0.value : nil } }
    }

    /// The namespaces in use, each once, sorted by tenant and name.
    ///
    /// - Complexity: O(*n* log *n*).
    var all: [NamespaceState] { inUse.sorted { ($0.id.tenant, $0.id.name) < ($1.id.tenant, $1.id.name) } }

    /// Gives namespaces, those in use and those to come, the settings of another configuration.
    func reconfigure(_ configuration: CacheConfiguration) {
        state.withLock { state in
            state.configuration = configuration
            for (id, namespace) in state.namespaces where id == namespace.id {
                var settings = configuration.settings(for: id)
                state.tuned[id]?.apply(to: &settings)
                settings.keepWhatIsFixed(of: namespace.settings)
                namespace.settings = settings
            }
        }
    }

    /// Begins a generation in the namespaces in use that a selector may concern.
    ///
    /// - Complexity: O(1) for a selector with a namespace, else O(namespaces in use).
    func beginGeneration(of selector: InvalidationSelector) {
        state.withLock { state in
            if let id = selector.filter.namespace {
                state.namespaces[id]?.beginGeneration()
                state.namespaces[id.conversations]?.beginGeneration()
                return
            }
            for (id, namespace) in state.namespaces where id == namespace.id && selector.concerns(id) {
                namespace.beginGeneration()
            }
        }
    }

    /// The namespaces in use that are a tenant's own; those that tenants share are nobody's.
    func all(of tenant: String) -> [NamespaceState] { state.withLock { $0.byTenant[tenant] ?? [] } }

    /// Sets what a namespace learned before; to be called before the namespace is in use.
    func setLearner(_ learner: PolicyLearner, judged: JudgedAnswers?, of id: NamespaceID) {
        state.withLock { state in
            state.learners[id] = learner
            state.judged[id] = judged
        }
    }

    /// Sets what tuning found best for a namespace; to be called before the namespace is in use.
    func setTuned(_ settings: TunedSettings, of id: NamespaceID) { state.withLock { $0.tuned[id] = settings } }

    /// Sets what the store says of a namespace's epoch, whether the namespace is in use already or not.
    func raiseEpoch(of id: NamespaceID, to epoch: UInt64) {
        state.withLock { state in
            state.epochs[id] = max(state.epochs[id] ?? 0, epoch)
            state.namespaces[id]?.raiseEpoch(to: epoch)
        }
    }
}

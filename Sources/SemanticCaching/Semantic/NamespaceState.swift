internal import Synchronization

/// What the engine keeps of a namespace while it is in use: its settings, its epoch and its counters.
final class NamespaceState: Sendable {
    let id: NamespaceID
    let counters = LookupCounters()
    /// What went to the model and what was left out of it.
    let usage = UsageCounters()
    let retention: Retention
    /// The learned policy; nil if the namespace does not learn.
    let learning: NamespaceLearning?
    private let storedSettings: Mutex<NamespaceSettings>
    private let storedEpoch: Atomic<UInt64>
    private let reclaimedEpoch: Atomic<UInt64>
    private let invalidations = Atomic<UInt64>(0)

    init(
        id: NamespaceID,
        settings: NamespaceSettings,
        epoch: UInt64,
        learner: PolicyLearner?,
        judged: JudgedAnswers?
    ) {
        self.id = id
        storedSettings = Mutex(settings)
        storedEpoch = Atomic(epoch)
        reclaimedEpoch = Atomic(0)
        learning = learner.map { NamespaceLearning($0, judged: judged) }
        retention = Retention(policy: settings.eviction)
    }

    var settings: NamespaceSettings {
        get { storedSettings.withLock { $0 } }
        set { storedSettings.withLock { $0 = newValue } }
    }

    /// Changes the settings, but for what the namespace is built around.
    ///
    /// The change is made outside of the lock, since it may look at the settings itself, and anew if another came between.
    /// - Throws: ``CacheError`` with `invalidConfiguration`; the settings are then as they were.
    func update(_ change: (inout NamespaceSettings) -> Void) throws(CacheError) {
        while true {
            let present = settings
            var changed = present
            change(&changed)
            changed.keepWhatIsFixed(of: present)
            try changed.validate()
            let isDone = storedSettings.withLock { stored in
                guard stored == present else { return false }
                stored = changed
                return true
            }
            if isDone { return }
        }
    }

    /// Entries of an earlier epoch are invisible.
    var epoch: UInt64 { storedEpoch.load(ordering: .acquiring) }

    /// The number of invalidations that concerned the namespace: callers of one generation may share a call to the model.
    var generation: UInt64 { invalidations.load(ordering: .acquiring) }

    func beginGeneration() { invalidations.add(1, ordering: .acquiringAndReleasing) }

    /// Whether the store may still hold answers that an epoch made invisible.
    var hasOutdatedEntries: Bool { reclaimedEpoch.load(ordering: .relaxed) < epoch }

    func reclaimed(upTo epoch: UInt64) { reclaimedEpoch.max(epoch, ordering: .relaxed) }

    func raiseEpoch(to epoch: UInt64) { storedEpoch.max(epoch, ordering: .acquiringAndReleasing) }
}

extension NamespaceSettings {
    /// Takes over what cannot change under those who use a namespace, since it is built around it.
    mutating func keepWhatIsFixed(of present: NamespaceSettings) {
        isShared = present.isShared
        eviction = present.eviction
        maximumErrorRate = present.maximumErrorRate
        countsErrorsPerHit = present.countsErrorsPerHit
    }
}

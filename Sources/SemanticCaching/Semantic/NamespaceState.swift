internal import Synchronization

/// What the engine keeps of a namespace while it is in use: its settings, its epoch and its counters.
final class NamespaceState: Sendable {
    let id: NamespaceID
    let counters = LookupCounters()
    private let storedSettings: Mutex<NamespaceSettings>
    private let storedEpoch: Atomic<UInt64>

    init(id: NamespaceID, settings: NamespaceSettings, epoch: UInt64) {
        self.id = id
        storedSettings = Mutex(settings)
        storedEpoch = Atomic(epoch)
    }

    var settings: NamespaceSettings {
        get { storedSettings.withLock { $0 } }
        set { storedSettings.withLock { $0 = newValue } }
    }

    /// Entries of an earlier epoch are invisible.
    var epoch: UInt64 { storedEpoch.load(ordering: .acquiring) }

    func raiseEpoch(to epoch: UInt64) { storedEpoch.max(epoch, ordering: .acquiringAndReleasing) }
}

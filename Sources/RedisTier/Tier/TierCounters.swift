internal import Synchronization

/// What the tier counts.
final class TierCounters: Sendable {
    let published = Atomic<Int>(0)
    let refused = Atomic<Int>(0)
    let applied = Atomic<Int>(0)
    let gaps = Atomic<Int>(0)
    let skipped = Atomic<Int>(0)
    let leases = Atomic<Int>(0)
    let leaseWaits = Atomic<Int>(0)
}

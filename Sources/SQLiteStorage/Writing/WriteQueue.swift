/// The writing calls that wait, and who carries them out: the value behind the lock of ``GroupCommitWriter``.
struct WriteQueue {
    /// The most calls that a caller carries out on its own thread: some tenths of a millisecond.
    static let ledLimit = 32

    private(set) var pending: [PendingWrite] = []
    /// Whether somebody carries out batches, or is about to.
    private(set) var isDraining = false
    /// Work outside of batches, such as what takes as long as the database is large.
    ///
    /// It waits here and not for the writing connection: a caller that leads waits for that on its own thread, and must
    /// find nobody there.
    private(set) var maintenance: [PendingMaintenance] = []
    var isClosed = false
    /// How many calls shared the last commit: as many may come back for the next.
    private(set) var lastBatch = 0
    /// Whether a commit waits for the disk, which no caller's thread may.
    let waitsForDisk: Bool

    init(waitsForDisk: Bool) { self.waitsForDisk = waitsForDisk }

    /// What is to be done next.
    enum Step {
        case nothing
        /// The caller is to carry out a batch on its own thread.
        case lead(PendingWrite)
        /// The writer's own thread is to.
        case drain
        case refuse
    }

    /// Whether callers carry out what waits: not what takes long, waits for the disk or for others.
    var isForCallers: Bool {
        !waitsForDisk && maintenance.isEmpty && pending.count <= Self.ledLimit && pending.allSatisfy(\.isShort)
    }

    /// Whether fewer calls wait than the last commit had, of which the others may be about to come back.
    var expectsMore: Bool { pending.count < lastBatch }

    /// Adds a call; whoever finds nobody at work has to see to it that somebody is.
    mutating func add(_ write: PendingWrite) -> Step {
        guard !isClosed else { return .refuse }
        pending.append(write)
        guard !isDraining else { return .nothing }
        isDraining = true
        return write.mayLead && isForCallers ? .lead(write) : .drain
    }

    /// Adds work outside of batches; it is done before the next batch.
    mutating func add(_ work: PendingMaintenance) -> Step {
        guard !isClosed else { return .refuse }
        maintenance.append(work)
        guard !isDraining else { return .nothing }
        isDraining = true
        return .drain
    }

    /// Takes the oldest work outside of batches.
    mutating func takeMaintenance() -> PendingMaintenance? {
        maintenance.isEmpty ? nil : maintenance.removeFirst()
    }

    /// Takes the calls that share the next commit, in their order.
    mutating func takeBatch(_ limit: Int) -> [PendingWrite] {
        let batch = pending.prefix(limit).sorted { $0.order < $1.order }
        pending.removeFirst(batch.count)
        lastBatch = batch.count
        return batch
    }

    /// Who goes on, after a batch; `nothing` if nobody has to.
    ///
    /// - Parameter hasLongWork: whether something waits that only the writer's own thread does.
    mutating func passOn(hasLongWork: Bool) -> Step {
        if hasLongWork || !maintenance.isEmpty { return .drain }
        guard !pending.isEmpty else {
            isDraining = false
            return .nothing
        }
        guard isForCallers, let leader = pending.first(where: \.mayLead) else { return .drain }
        return .lead(leader)
    }
}

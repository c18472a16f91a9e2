extension AutoIndex {
    /// Entries moved at once: a few milliseconds of work, during which an insertion may wait microseconds.
    private static var batchSize: Int { 64 }
    /// How long the background task lets a flood of insertions pass before it looks again.
    private static var floodPause: Duration { .milliseconds(10) }
    /// After so many looks in a row that met few insertions a flood is over: they come in waves.
    private static var floodLooks: Int { 10 }
    /// So many entries that wait are moved even while more come.
    private static var floodLimit: Int { 1 << 20 }

    /// Builds, merges or dissolves whatever is due, on the calling thread, and returns when the shape fits.
    ///
    /// Afterwards all entries are in the graph, or in the flat segment when the index is small. Searches and insertions
    /// go on meanwhile.
    ///
    /// - Parameter threads: how many threads insert into the graph; `nil` for one per core.
    public func merge(threads: Int? = nil) {
        while move(threads: threads, isForced: true) == .moved {}
    }

    /// Starts the background task when there is something to do and none runs.
    func considerMoving(total: Int) {
        guard configuration.mergesInBackground, nextAction(total: total, isForced: false) != .rest else { return }
        let isFirst = membership.withLock { membership in
            defer { membership.backgroundTaskRuns = true }
            return !membership.backgroundTaskRuns
        }
        guard isFirst else { return }
        Task.detached(priority: .utility) { [weak self] in
            // One batch per turn: the index can go away, and other tasks of the pool get their share.
            while let isFlooded = self?.isFlooded() {
                if isFlooded {
                    try? await Task.sleep(for: Self.floodPause)
                } else {
                    guard self?.continueInBackground() == true else { return }
                    await Task.yield()
                }
            }
        }
    }

    /// Whether more entries came lately than a batch would take away.
    ///
    /// Then a namespace is being read from a file or from another replica. Moving goes on after that, because until then it
    /// only takes the processor from the reader.
    private func isFlooded() -> Bool {
        let waiting = segments.withLock { $0.flat }.count
        return membership.withLock { membership in
            let arrived = membership.insertions &- membership.insertionsSeen
            membership.insertionsSeen = membership.insertions
            membership.quietLooks = arrived > Self.batchSize ? 0 : membership.quietLooks + 1
            return membership.quietLooks < Self.floodLooks && waiting < Self.floodLimit
        }
    }

    private enum Progress {
        case moved
        case nothingToDo
        case refused
    }

    /// Moves one batch; returns whether the background task goes on.
    private func continueInBackground() -> Bool {
        switch move(threads: 1, isForced: false) {
        case .moved:
            return true
        case .refused:
            // Leaves `backgroundTaskRuns` set: trying again would burn a core and change nothing.
            return false
        case .nothingToDo:
            // Checked under the lock that considerMoving takes: an insertion after this starts a new task.
            return membership.withLock { membership in
                let goesOn = nextAction(total: membership.count, isForced: false) != .rest
                membership.backgroundTaskRuns = goesOn
                return goesOn
            }
        }
    }

    private func nextAction(total: Int, isForced: Bool) -> AutoIndexPolicy.Action {
        let current = segments.withLock { $0 }
        let fresh = current.flat.count
        let action = policy.action(waiting: fresh, total: total, hasGraph: current.graph != nil)
        return action == .rest && isForced && current.graph != nil && fresh > 0 ? .merge : action
    }

    /// Does one step.
    private func move(threads: Int?, isForced: Bool) -> Progress {
        waiting.withLock { waiting in
            let action = nextAction(total: count, isForced: isForced)
            switch action {
            case .build:
                segments.withLock {
                    $0.graph = HNSWIndex(dimension: dimension, configuration: configuration.graph)
                    $0.generation += 1
                }
            case .dissolve:
                waiting = []
                dissolveGraph()
            case .merge, .rest:
                // A round that was begun goes on to its end, oldest entries first.
                let current = segments.withLock { $0 }
                guard let graph = current.graph, action == .merge || !waiting.isEmpty else {
                    return .nothingToDo
                }
                if waiting.isEmpty { waiting = current.flat.idsInOrder().reversed() }
                audit(graph, beside: current.flat, waiting: waiting)
                let batch = waiting.suffix(Self.batchSize)
                waiting.removeLast(batch.count)
                let isDone = moveBatch(batch.reversed()[...], from: current.flat, to: graph, threads: threads)
                return isDone ? .moved : .refused
            }
            return .moved
        }
    }

    /// Looks whether the graph finds what it should, with the entries that come into it next as queries.
    private func audit(_ graph: HNSWIndex, beside flat: FlatIndex, waiting: [UInt64]) {
        let size = graph.count
        let isDue = membership.withLock { membership in
            defer { if size >= membership.nextAudit { membership.nextAudit = 2 * size } }
            // The first audit has a graph of half the threshold to look at.
            if membership.nextAudit == 0 { membership.nextAudit = Swift.max(policy.graphThreshold / 2, 1) }
            return size >= membership.nextAudit && size > 0
        }
        guard isDue else { return }
        let sample = flat.entries(waiting.suffix(GraphAudit.sampleSize)).map(\.vector)
        guard !sample.isEmpty else { return }
        do throws(VectorIndexError) {
            let search = try GraphAudit.search(of: graph, sample: sample, effort: configuration.graph.searchEffort)
            segments.withLock { $0.graphSearch = search }
        } catch {
            assertionFailure("the graph cannot be asked for what the flat segment holds: \(error)")
        }
    }

    private func moveBatch(
        _ ids: ArraySlice<UInt64>,
        from flat: FlatIndex,
        to graph: HNSWIndex,
        threads: Int?
    ) -> Bool {
        // Entries removed before this are skipped; ones removed from now on are hidden by `remove`.
        let entries = membership.withLock { membership in
            let entries = flat.entries(ids)
            membership.moving = Set(entries.map(\.id))
            return entries
        }
        let failure: VectorIndexError?
        do throws(VectorIndexError) {
            try graph.insert(
                rows: entries.flatMap(\.vector),
                ids: entries.map(\.id),
                attributes: entries.map(\.attributes),
                threads: threads
            )
            failure = nil
        } catch {
            failure = error
        }
        membership.withLock { membership in
            let gone = segments.withLock { membership.moving.intersection($0.hidden) }
            flat.remove(ids: membership.moving.filter { !gone.contains($0) && graph.contains(id: $0) })
            for id in gone { graph.remove(id: id) }
            if !gone.isEmpty {
                segments.withLock {
                    $0.hidden.subtract(gone)
                    $0.generation += 1
                }
            }
            membership.moving = []
        }
        // The graph refuses nothing that the flat segment took; if it did, the entries stay where they are.
        assert(failure == nil, "the graph refused an entry: \(String(describing: failure))")
        return failure == nil
    }

    /// Copies the graph's entries back, then drops the graph: until then it answers as before.
    private func dissolveGraph() {
        let current = segments.withLock { $0 }
        guard let graph = current.graph else { return }
        let ids = graph.idsInOrder()
        for start in stride(from: 0, to: ids.count, by: Self.batchSize) {
            membership.withLock { _ in
                for id in ids[start..<Swift.min(start + Self.batchSize, ids.count)] {
                    copyBack(id, from: graph, to: current.flat)
                }
            }
        }
        segments.withLock {
            $0.graph = nil
            $0.graphSearch = .walk(effort: configuration.graph.searchEffort)
            $0.generation += 1
        }
        membership.withLock { $0.nextAudit = 0 }
    }

    private func copyBack(_ id: UInt64, from graph: HNSWIndex, to flat: FlatIndex) {
        guard let entry = graph.entry(id: id), !flat.contains(id: id) else { return }
        do throws(VectorIndexError) {
            try flat.insert(entry.vector, id: id, attributes: entry.attributes)
        } catch {
            assertionFailure("the flat segment refused an entry of the graph: \(error)")
        }
    }
}

extension HNSWIndex {
    /// The entries, oldest first.
    func idsInOrder() -> [UInt64] {
        graph.read { graph in
            let live = graph.ids.indices.filter { graph.states[$0] == .live }
            return live.sorted { graph.stamps[$0] < graph.stamps[$1] }.map { graph.ids[$0] }
        }
    }

    /// An entry as it was inserted, at unit length.
    func entry(id: UInt64) -> (vector: [Float], attributes: VectorAttributes)? {
        graph.read { graph in
            guard let slot = graph.liveSlot(id) else { return nil }
            let row = UnsafeBufferPointer(start: graph.rows.row(Int(slot)), count: dimension)
            return ([Float](row), graph.attributes[Int(slot)])
        }
    }
}

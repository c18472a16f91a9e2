/// Plays a stream against a policy with exact search over everything stored in the same context.
public enum Replayer {
    /// Plays requests in an order of rows; rows may repeat.
    ///
    /// - Complexity: O(*n* · *m*) for *m* stored questions.
    public static func run(
        _ trace: ReplayTrace,
        order: [Int],
        candidateLimit: Int = 5,
        policy: inout some ReplayPolicy
    ) -> ReplayResult {
        var stored: [(row: Int, answer: Int)] = []
        var groups: Set<Int> = []
        var result = ReplayResult(requestCount: order.count)
        for row in order {
            let request = ReplayRequest(
                row: row,
                trace: trace,
                candidates: nearest(to: row, in: stored, trace, candidateLimit)
            )
            let group = trace.queries[row].group
            switch policy.handle(request) {
            case .serve(let candidate):
                result.add(isHit: true, isWrong: !request.isRight(candidate), isNeedless: false)
                continue
            case .storeNew: stored.append((row, row))
            case .storeAlias(let candidate): stored.append((row, request.candidates[candidate].answer))
            case .drop: break
            }
            result.add(isHit: false, isWrong: false, isNeedless: groups.contains(group))
            groups.insert(group)
        }
        result.storedCount = stored.count
        return result
    }

    private static func nearest(
        to row: Int,
        in stored: [(row: Int, answer: Int)],
        _ trace: ReplayTrace,
        _ limit: Int
    ) -> [ReplayCandidate] {
        var best: [ReplayCandidate] = []
        best.reserveCapacity(limit + 1)
        let count = trace.queries.count
        trace.similarities.withUnsafeBufferPointer { similarities in
            for entry in stored where trace.contexts[entry.row] == trace.contexts[row] {
                let similarity = similarities[row * count + entry.row]
                if best.count == limit, similarity <= best[limit - 1].similarity { continue }
                var position = best.count
                while position > 0, best[position - 1].similarity < similarity { position -= 1 }
                best.insert(ReplayCandidate(row: entry.row, answer: entry.answer, similarity: similarity), at: position)
                if best.count > limit { best.removeLast() }
            }
        }
        return best
    }
}

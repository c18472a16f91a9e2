/// The answers that were removed last, so that none comes back from a message that was under way.
///
/// Ids are never used twice, so a note can be kept for as long as there is room without being wrong.
struct RecentRemovals: Sendable {
    private static let limit = 65_536

    private var ids: Set<EntryID> = []
    private var order: [EntryID] = []
    private var oldest = 0

    func contains(_ id: EntryID) -> Bool { ids.contains(id) }

    /// Notes removed answers; the oldest notes go when there are too many.
    ///
    /// - Complexity: O(*n*) for *n* answers.
    mutating func insert(_ removed: some Sequence<EntryID>) {
        for id in removed where ids.insert(id).inserted {
            if order.count < Self.limit {
                order.append(id)
            } else {
                ids.remove(order[oldest])
                order[oldest] = id
                oldest = (oldest + 1) % Self.limit
            }
        }
    }
}

/// What an insertion will do, found out under the shared lock and carried out under the exclusive one.
///
/// Everything it relies on is stamped; what has changed in between is found out and done again.
struct InsertionPlan {
    /// A link to make.
    struct Link {
        /// The neighbour-to-be.
        var target: UInt32
        var level: Int
        /// The neighbour's entry, which may have left its slot in the meantime.
        var stamp: UInt64
        /// The state of the neighbour's links that ``victims`` belongs to.
        var version: UInt32
        /// Links that the neighbour can give up when it is full, first choice first; `nil` when it refuses.
        var victims: [UInt32]?
    }

    /// Per level the nearest first.
    var links: [Link] = []
}

internal import CVectorKernels

/// One walk over a graph of nodes with ``Int8Planes``: the query, the nodes' codes and what was visited.
///
/// Holds borrowed pointers; the graph and the scratch memory must outlive it and stay in place.
package struct Int8PlaneWalk {
    private var walk: cvk_nibble_walk
    private let expandLists:
        @convention(c) (
            UnsafePointer<cvk_nibble_walk>?, UnsafePointer<UnsafePointer<UInt32>?>?, Int, Int32,
            UnsafeMutablePointer<UInt32>?, UnsafeMutablePointer<Int32>?
        ) -> Int

    /// Prepares a walk.
    ///
    /// - Parameters:
    ///   - query: `blocks` × 128 signed bytes.
    ///   - codes: the nodes' high planes, `blocks` × 64 bytes each, without gaps.
    ///   - degree: links of a node at most.
    ///   - rows: adjacency rows by node, `degree` links each, to fetch ahead; `nil` for none.
    ///   - visited: one byte per node; a node counts as visited when its byte equals `epoch`.
    @inline(__always)
    package init(
        query: UnsafePointer<Int8>,
        codes: UnsafePointer<UInt8>,
        blocks: Int,
        degree: Int,
        rows: UnsafePointer<UInt32>?,
        visited: UnsafeMutablePointer<UInt8>,
        epoch: UInt8
    ) {
        walk = cvk_nibble_walk(
            query: query,
            codes: codes,
            blocks: blocks,
            degree: degree,
            rows: rows,
            visited: visited,
            epoch: epoch
        )
        expandLists = cvk_nibble_active().pointee.expand
    }

    /// Visits the unvisited nodes in `count` lists of links and scores them on the high plane.
    ///
    /// - Parameters:
    ///   - lists: lists of at most `degree` links.
    ///   - floor: nodes are kept when their score is greater.
    ///   - ids: room for `count` × `degree` + 1 nodes; the kept ones are written here,
    ///   - scores: and their scores here.
    /// - Returns: how many were kept.
    package mutating func expand(
        _ lists: UnsafePointer<UnsafePointer<UInt32>?>,
        count: Int,
        floor: Int32,
        ids: UnsafeMutablePointer<UInt32>,
        scores: UnsafeMutablePointer<Int32>
    ) -> Int {
        expandLists(&walk, lists, count, floor, ids, scores)
    }
}

internal import VectorKernels

extension FlatIndex {
    /// Returns the nearest entries of many queries at once, as ``search(_:count:options:)`` would one by one.
    ///
    ///     let neighbours = try index.search(batch: queries, count: 2)     // for warm-up, de-duplication, tuning
    ///
    /// Rows are multiplied with a tile of queries by `cblas_sgemm`, so that each row is read once per tile and not once
    /// per query. Exact for every kind of quantisation.
    ///
    /// - Parameters:
    ///   - queries: unit vectors of this dimension.
    ///   - count: how many neighbours are wanted for each.
    ///   - options: the least similarity and the filter of every query.
    /// - Complexity: O(*q* · *n* · *d*) multiplications, at the speed of matrix products.
    /// - Throws: ``VectorIndexError`` for the first query that is no unit vector of this dimension.
    public func search(
        batch queries: [[Float]],
        count: Int,
        options: SearchOptions = SearchOptions()
    ) throws(VectorIndexError) -> [[Neighbor]] {
        precondition(count >= 0, "a search cannot return fewer than 0 neighbours")
        var scales: [Float] = []
        for query in queries { scales.append(try UnitVector.scale(of: query, dimension: dimension)) }
        var results: [[Neighbor]] = []
        results.reserveCapacity(queries.count)
        for start in stride(from: 0, to: queries.count, by: FlatStorage.queryTile) {
            let tile = start..<Swift.min(start + FlatStorage.queryTile, queries.count)
            let scratches = tile.map { _ in SearchScratch() }
            var rows = VectorSlab(width: dimension)
            rows.reserve(rows: tile.count)
            for (row, index) in tile.enumerated() {
                UnitVector.copy(queries[index], scale: scales[index], to: rows.row(row))
            }
            // Per tile, so that writers do not wait for the whole batch.
            storage.read { storage in
                storage.nearest(to: rows, count: count, options: options, scratches: scratches, into: &results)
            }
        }
        return results
    }
}

extension FlatStorage {
    /// Queries multiplied at once.
    static var queryTile: Int { 32 }
    /// Rows multiplied at once: tile × block scores stay in the second-level cache.
    private static var rowTile: Int { 1024 }

    fileprivate func nearest(
        to queries: borrowing VectorSlab,
        count wanted: Int,
        options: SearchOptions,
        scratches: [SearchScratch],
        into results: inout [[Neighbor]]
    ) {
        let wanted = Swift.min(wanted, count)
        guard wanted > 0 else { return results.append(contentsOf: scratches.map { _ in [] }) }
        let radius = Self.roundingRadius(dimension: dimension)
        for scratch in scratches {
            scratch.settled.begin(wanted: wanted, floor: options.minimumSimilarity - radius)
        }
        var scores = ScratchBuffer<Float>()
        let product = scores.reserve(Self.queryTile * Self.rowTile)
        for start in stride(from: 0, to: count, by: Self.rowTile) {
            let block = start..<Swift.min(start + Self.rowTile, count)
            BLAS.dots(
                queries: queries.base,
                queryStride: queries.stride,
                queryCount: scratches.count,
                rows: rows.row(start),
                rowStride: rows.stride,
                rowCount: block.count,
                dimension: dimension,
                into: product,
                resultStride: Self.rowTile
            )
            for (index, scratch) in scratches.enumerated() {
                collect(
                    product + index * Self.rowTile,
                    block: block,
                    radius: radius,
                    filter: options.filter,
                    positions: scratch.positions.reserve(ScanBlocks.largest),
                    into: &scratch.settled
                )
            }
        }
        for (index, scratch) in scratches.enumerated() {
            scratch.settled.prune()
            results.append(
                settle(
                    query: queries.row(index),
                    wanted: wanted,
                    floor: options.minimumSimilarity,
                    scratch: scratch
                )
            )
        }
    }
}

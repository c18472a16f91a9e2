internal import VectorKernels

extension FlatIndex {
    /// Fits a projection on the entries and searches it first from now on; results become approximate.
    ///
    ///     let index = FlatIndex(dimension: 1536, quantization: .none)
    ///     …                                                            // insert the namespace's vectors
    ///     try index.fitProjection(components: 256, candidates: 64)
    ///
    /// A search then reads `components` bytes per entry and compares the `candidates` best in full. Entries that come later
    /// are projected on the same components: fit again when the namespace has become another one. Off by default, because
    /// the int8 scan is exact; measured beside it and sign bits in docs/performance/index.md. A snapshot does not hold it.
    ///
    /// - Parameters:
    ///   - components: directions to keep, 1 to ``dimension``; 0 gives the projection up.
    ///   - candidates: entries compared in full per search.
    ///   - sample: the fit looks at no more entries than that, spread evenly.
    /// - Complexity: O(*s* · *d*² + *d*³) for *s* sampled entries, while searches go on; then O(*n* · *d* · `components`)
    ///   while they wait.
    /// - Throws: ``VectorIndexError/projectionFailed(_:)`` when the index is empty or LAPACK finds no components; the
    ///   index is then unchanged.
    public func fitProjection(
        components: Int,
        candidates: Int,
        sample: Int = 20_000
    ) throws(VectorIndexError) {
        precondition((0...dimension).contains(components), "a projection keeps at most all components")
        precondition(candidates > 0 && sample > 0, "a search compares and a fit samples at least one entry")
        guard components > 0 else { return storage.write { $0.dropProjection() } }
        let rows = storage.read { $0.sampleRows(sample) }
        guard !rows.isEmpty else { throw .projectionFailed("no entries") }
        let fitted: PrincipalComponents
        do throws(PrincipalComponents.Failure) {
            fitted = try rows.withUnsafeBufferPointer { (rows) throws(PrincipalComponents.Failure) in
                guard let first = rows.baseAddress else { throw .unusableRows }
                return try PrincipalComponents.fit(
                    rows: first,
                    stride: dimension,
                    count: rows.count / dimension,
                    dimension: dimension,
                    keeping: components
                )
            }
        } catch {
            throw .projectionFailed("\(error)")
        }
        storage.write { $0.project(on: fitted, candidates: candidates) }
    }
}

extension FlatStorage {
    /// At most `limit` rows, spread evenly over the slots, one after the other.
    fileprivate func sampleRows(_ limit: Int) -> [Float] {
        let taken = Swift.min(limit, count)
        var sample: [Float] = []
        sample.reserveCapacity(taken * dimension)
        for index in 0..<taken {
            sample += UnsafeBufferPointer(start: rows.row(index * count / taken), count: dimension)
        }
        return sample
    }

    /// Looks at the projected codes of all rows; offers estimates that order as the similarity does.
    func scanProjection(
        query: UnsafePointer<Float>,
        filter: VectorFilter?,
        scratch: SearchScratch,
        into selection: inout CandidateSelection
    ) {
        guard let components = projection.components else { return }
        let rotated = scratch.scores.reserve(Swift.max(ScanBlocks.largest, components.count))
        components.rotate(query, into: rotated)
        let code = scratch.queryCode.reserve(projection.codes.stride)
        let step = Int8Kernels.quantize(query: rotated, dimension: components.count, into: code)
        let sums = scratch.sums.reserve(ScanBlocks.largest)
        let scores = scratch.scores.reserve(ScanBlocks.largest)
        let positions = scratch.positions.reserve(ScanBlocks.largest)
        var blocks = ScanBlocks(count: count)
        projection.steps.withUnsafeBufferPointer { steps in
            guard let firstStep = steps.baseAddress else { return }
            while let block = blocks.next() {
                let first = block.lowerBound
                Int8Kernels.dots(
                    query: code,
                    rows: projection.codes.row(first),
                    stride: projection.codes.stride,
                    count: block.count,
                    dimension: components.count,
                    into: sums
                )
                for index in 0..<block.count { scores[index] = Float(sums[index]) * firstStep[first &+ index] * step }
                collect(scores, block: block, radius: 0, filter: filter, positions: positions, into: &selection)
            }
        }
    }
}

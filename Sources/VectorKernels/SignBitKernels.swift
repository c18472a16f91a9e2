internal import CVectorKernels

/// One sign bit per component, in blocks of 64 rows, scanned by table look-ups in registers.
///
///     SignBitKernels.encode(vector, dimension: 384, block: block, row: 0)
///     let scale = SignBitKernels.prepare(query, dimension: 384, tables: tables)
///     SignBitKernels.sums(tables: tables, blocks: block, pairs: 48, blockCount: 1, into: sums)
///     // query · vector ≈ (Float(sums[0]) * scale.factor + scale.offset) / ‖vector‖₁
package enum SignBitKernels {
    /// Rows of a block.
    package static var blockRows: Int { Int(CVK_BITS_BLOCK_ROWS) }

    /// Pairs of nibbles, 8 components each, in the code of `dimension` components.
    package static func pairs(dimension: Int) -> Int { cvk_bits_pairs(dimension) }

    /// Bytes of a block of 64 rows.
    package static func blockBytes(dimension: Int) -> Int { pairs(dimension: dimension) * blockRows }

    /// Bytes of a query's look-up tables.
    package static func tableBytes(dimension: Int) -> Int { pairs(dimension: dimension) * Int(CVK_BITS_PAIR_TABLE) }

    /// Stores the signs of a vector as one row of a block.
    package static func encode(
        _ vector: UnsafePointer<Float>,
        dimension: Int,
        block: UnsafeMutablePointer<UInt8>,
        row: Int
    ) {
        cvk_bits_encode(vector, dimension, block, row)
    }

    /// Copies a row from one block to another, or within one.
    package static func copy(
        from source: UnsafePointer<UInt8>,
        row sourceRow: Int,
        to target: UnsafeMutablePointer<UInt8>,
        row targetRow: Int,
        dimension: Int
    ) {
        cvk_bits_copy(source, sourceRow, target, targetRow, pairs(dimension: dimension))
    }

    /// Fills a query's look-up tables; a sum of entries `s` stands for `s * factor + offset`.
    package static func prepare(
        _ query: UnsafePointer<Float>,
        dimension: Int,
        tables: UnsafeMutablePointer<UInt8>
    ) -> (factor: Float, offset: Float) {
        var (factor, offset) = (Float(0), Float(0))
        cvk_bits_tables(query, dimension, tables, &factor, &offset)
        return (factor, offset)
    }

    /// Sums of table entries for all rows of some blocks.
    ///
    /// - Complexity: O(*n* · *d* / 8) table look-ups, 64 rows at a time with AVX-512.
    package static func sums(
        tables: UnsafePointer<UInt8>,
        blocks: UnsafePointer<UInt8>,
        pairs: Int,
        blockCount: Int,
        into sums: UnsafeMutablePointer<UInt16>
    ) {
        cvk_bits_sums(tables, blocks, pairs, blockCount, sums)
    }
}

import Testing
import VectorKernels

@Suite struct SlabTests {
    @Test(arguments: [1, 15, 16, 17, 384])
    func rowsAreAlignedZeroedAndKeptWhileGrowing(width: Int) {
        var slab = VectorSlab(width: width)
        #expect(slab.stride >= width && slab.stride.isMultiple(of: 16))
        // Far enough to pass from the heap to a mapping, and to outgrow the first mapping.
        let total = 20 * (1 << 20) / slab.rowBytes
        var row = 0
        while row < total {
            slab.reserve(rows: row + 1)
            let start = slab.row(row)
            #expect(Int(bitPattern: start).isMultiple(of: 64))
            #expect((0..<slab.stride).allSatisfy { start[$0] == 0 })
            start[0] = Float(row)
            row += row < 200 ? 1 : 997
        }
        row = 0
        while row < total {
            #expect(slab.row(row)[0] == Float(row))
            row += row < 200 ? 1 : 997
        }
    }

    @Test func growsInSmallStepsAndCostsNothingEmpty() {
        var slab = VectorSlab(width: 384)
        #expect(slab.bytes(forRows: 0) == 0)
        slab.reserve(rows: 1)
        #expect(slab.capacity == 4)
        slab.reserve(rows: 5)
        #expect(slab.capacity == 16)
        slab.reserve(rows: 17)
        #expect(slab.capacity == 64)
        slab.removeAll()
        #expect(slab.capacity == 0 && slab.bytes(forRows: 0) == 0)
    }

    @Test func mappedCapacityIsNotCountedAsUse() {
        var slab = Slab<Int8>(width: 64)
        slab.reserve(rows: 1 << 16)
        #expect(slab.capacity >= 8 << 16)
        #expect(slab.bytes(forRows: 1 << 16) == 64 << 16)
    }
}

import SemanticCaching
import SemanticCachingTesting
import Testing

@Suite struct FrequencySketchTests {
    @Test func neverUnderestimatesBeforeAging() {
        var generator = SeededGenerator.announced(seed: 21)
        var sketch = FrequencySketch()
        sketch.reserve(1_024)
        var counts: [UInt32: Int] = [:]
        let keys = (0..<1_024).map { _ in UInt32.random(in: .min ... .max, using: &generator) }
        for _ in 0..<6_000 {
            guard let key = keys.randomElement(using: &generator) else { continue }
            sketch.increment(key)
            counts[key, default: 0] += 1
        }
        var excess = 0
        for (key, count) in counts {
            let estimate = sketch.frequency(key)
            #expect(estimate >= min(count, FrequencySketch.maximumFrequency))
            excess += max(0, estimate - count)
        }
        // 6,000 uses in 16,384 counters: an estimate is rarely off, and by little.
        #expect(Double(excess) / Double(counts.count) < 0.1)
    }

    @Test func agingHalvesEveryFrequency() {
        var generator = SeededGenerator.announced(seed: 23)
        var sketch = FrequencySketch()
        sketch.reserve(64)
        for _ in 0..<12 { sketch.increment(7) }
        // The sketch ages when it has counted ten uses for each of its words. Only key 7 is in the eighth block.
        for _ in 12..<10 * sketch.capacity - 1 {
            sketch.increment(
                UInt32.random(in: 0..<10_000, using: &generator) * 8 + .random(in: 0..<7, using: &generator)
            )
        }
        #expect(sketch.frequency(7) == 12)
        sketch.increment(8)
        #expect(sketch.frequency(7) == 6)
    }

    @Test func growingKeepsTheEstimates() {
        var generator = SeededGenerator.announced(seed: 22)
        var sketch = FrequencySketch()
        sketch.reserve(8)
        let keys = (0..<20).map { _ in UInt32.random(in: .min ... .max, using: &generator) }
        for (index, key) in keys.enumerated() { for _ in 0...(index % 3) { sketch.increment(key) } }
        let before = keys.map { sketch.frequency($0) }
        sketch.reserve(5_000)
        #expect(sketch.capacity == 8_192)
        #expect(keys.map { sketch.frequency($0) } == before)
    }

    @Test func saturatesInsteadOfWrapping() {
        var sketch = FrequencySketch()
        sketch.reserve(1_024)
        for _ in 0..<1_000 { sketch.increment(3) }
        #expect(sketch.frequency(3) == FrequencySketch.maximumFrequency)
    }

    @Test func anEmptySketchKnowsNothing() {
        var sketch = FrequencySketch()
        sketch.increment(1)
        #expect(sketch.frequency(1) == 0)
    }
}

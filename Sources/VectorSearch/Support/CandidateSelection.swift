/// Narrows a stream of similarity intervals down to the entries that can be among the *k* most similar.
///
/// A pass of a search knows the similarity of an entry only within an interval `lower ... upper`: rounding makes it
/// narrow in float32, quantisation makes it wider. Let *t* be the *k*-th largest lower end so far. At least *k* entries
/// are as similar as *t* or more, so an entry with `upper < t` is not needed for a correct answer, and every other one is kept.
///
/// ```
///   lower ├────────┤ upper          kept: the interval reaches t
///              ┊  t = k-th largest lower end
///  ├────────┤  ┊                    dropped
/// ```
///
/// Entries that tie with the *k*-th are always kept (`upper >= t`), so that a later pass can order them.
struct CandidateSelection: ~Copyable {
    /// Candidates kept so far; a superset of the final ones until ``prune()``.
    private(set) var count = 0
    /// What an interval's upper end must reach for the entry to matter.
    private(set) var threshold: Float = -.infinity

    private var wanted = 0
    private var lowerEnds = ScratchBuffer<Float>()  // min-heap of the k largest lower ends
    private var heapCount = 0
    private var slotBuffer = ScratchBuffer<UInt32>()
    private var upperBuffer = ScratchBuffer<Float>()
    private var slots: UnsafeMutablePointer<UInt32>
    private var uppers: UnsafeMutablePointer<Float>
    private var heap: UnsafeMutablePointer<Float>

    init() {
        slots = slotBuffer.reserve(64)
        uppers = upperBuffer.reserve(64)
        heap = lowerEnds.reserve(16)
    }

    /// Starts over for the `wanted` most similar entries with a similarity of at least `floor`.
    mutating func begin(wanted: Int, floor: Float) {
        self.wanted = wanted
        heap = lowerEnds.reserve(wanted)
        heapCount = 0
        count = 0
        threshold = floor
    }

    /// The slot of a kept candidate.
    func slot(_ index: Int) -> UInt32 { slots[index] }

    /// The upper end of a kept candidate's interval.
    func upper(_ index: Int) -> Float { uppers[index] }

    /// The slots of all kept candidates, valid until the next mutation.
    var keptSlots: UnsafeBufferPointer<UInt32> { UnsafeBufferPointer(start: slots, count: count) }

    /// Considers an entry.
    ///
    /// - Complexity: O(log *k*) amortised.
    @inline(__always)
    mutating func offer(slot: UInt32, lower: Float, upper: Float) {
        guard upper >= threshold else { return }
        if count == slotBuffer.capacity { makeRoom() }
        slots[count] = slot
        uppers[count] = upper
        count &+= 1
        if heapCount < wanted {
            push(lower)
        } else if lower > heap[0] {
            replaceRoot(lower)
        }
    }

    /// Drops the candidates that later ones have pushed out.
    mutating func prune() {
        var kept = 0
        for index in 0..<count where uppers[index] >= threshold {
            slots[kept] = slots[index]
            uppers[kept] = uppers[index]
            kept &+= 1
        }
        count = kept
    }

    /// Orders the kept candidates by falling upper end, so that the promising ones are settled first.
    mutating func sortByUpper() {
        // Insertion sort: there are a few dozen, nearly always.
        guard count <= 128 else { return heapSortByUpper() }
        var index = 1
        while index < count {
            let (slot, upper) = (slots[index], uppers[index])
            var hole = index
            while hole > 0, uppers[hole &- 1] < upper {
                slots[hole] = slots[hole &- 1]
                uppers[hole] = uppers[hole &- 1]
                hole &-= 1
            }
            slots[hole] = slot
            uppers[hole] = upper
            index &+= 1
        }
    }

    private mutating func makeRoom() {
        prune()
        guard count > slotBuffer.capacity / 2 else { return }
        let capacity = slotBuffer.capacity * 2
        slots = slotBuffer.grow(capacity, keeping: count)
        uppers = upperBuffer.grow(capacity, keeping: count)
    }
}

extension CandidateSelection {
    private mutating func push(_ lower: Float) {
        var child = heapCount
        heapCount &+= 1
        while child > 0 {
            let parent = (child &- 1) / 2
            guard heap[parent] > lower else { break }
            heap[child] = heap[parent]
            child = parent
        }
        heap[child] = lower
        if heapCount == wanted { threshold = Swift.max(threshold, heap[0]) }
    }

    private mutating func replaceRoot(_ lower: Float) {
        var hole = 0
        while true {
            var child = 2 &* hole &+ 1
            guard child < heapCount else { break }
            if child &+ 1 < heapCount, heap[child &+ 1] < heap[child] { child &+= 1 }
            guard heap[child] < lower else { break }
            heap[hole] = heap[child]
            hole = child
        }
        heap[hole] = lower
        threshold = Swift.max(threshold, heap[0])
    }

    /// Heap sort for the rare long list (thousands of near ties): no allocation, no quadratic case.
    private mutating func heapSortByUpper() {
        var start = count / 2
        while start > 0 {
            start &-= 1
            siftDown(from: start, end: count)
        }
        var end = count
        while end > 1 {
            end &-= 1
            exchange(0, end)
            siftDown(from: 0, end: end)
        }
    }

    private mutating func siftDown(from start: Int, end: Int) {
        // A min-heap at the front leaves a falling order behind.
        var root = start
        while true {
            var child = 2 &* root &+ 1
            guard child < end else { return }
            if child &+ 1 < end, uppers[child &+ 1] < uppers[child] { child &+= 1 }
            guard uppers[child] < uppers[root] else { return }
            exchange(root, child)
            root = child
        }
    }

    private mutating func exchange(_ first: Int, _ second: Int) {
        (slots[first], slots[second]) = (slots[second], slots[first])
        (uppers[first], uppers[second]) = (uppers[second], uppers[first])
    }
}

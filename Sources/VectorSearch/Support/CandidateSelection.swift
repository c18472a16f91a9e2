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
package struct CandidateSelection: ~Copyable {
    /// Candidates kept so far; a superset of the final ones until ``prune()``.
    package private(set) var count = 0
    /// What an interval's upper end must reach for the entry to matter.
    package private(set) var threshold: Float = -.infinity

    private var wanted = 0
    // The k largest lower ends: for few of them a min-heap, which always knows the k-th. For many, a list of up to 2k that
    // is cut back to the largest k when it is full: the k-th is known a little late, at O(1) instead of O(log k).
    private var lowerEnds = ScratchBuffer<Float>()
    private var heapCount = 0
    private var isHeap = true
    private var slotBuffer = ScratchBuffer<UInt32>()
    private var upperBuffer = ScratchBuffer<Float>()
    private var slots: UnsafeMutablePointer<UInt32>
    private var uppers: UnsafeMutablePointer<Float>
    private var heap: UnsafeMutablePointer<Float>

    package init() {
        slots = slotBuffer.reserve(64)
        uppers = upperBuffer.reserve(64)
        heap = lowerEnds.reserve(16)
    }

    /// Starts over for the `wanted` most similar entries with a similarity of at least `floor`.
    package mutating func begin(wanted: Int, floor: Float) {
        self.wanted = wanted
        isHeap = wanted <= 32
        heap = lowerEnds.reserve(isHeap ? wanted : 2 * wanted)
        heapCount = 0
        count = 0
        threshold = floor
    }

    /// The slot of a kept candidate.
    package func slot(_ index: Int) -> UInt32 { slots[index] }

    /// The upper end of a kept candidate's interval.
    package func upper(_ index: Int) -> Float { uppers[index] }

    /// The slots of all kept candidates, valid until the next mutation.
    package var keptSlots: UnsafeBufferPointer<UInt32> { UnsafeBufferPointer(start: slots, count: count) }

    /// Considers an entry.
    ///
    /// - Complexity: O(log *k*) amortised.
    @inline(__always)
    package mutating func offer(slot: UInt32, lower: Float, upper: Float) {
        guard upper >= threshold else { return }
        if count == slotBuffer.capacity { makeRoom() }
        slots[count] = slot
        uppers[count] = upper
        count &+= 1
        if !isHeap {
            heap[heapCount] = lower
            heapCount &+= 1
            if heapCount == 2 &* wanted { keepLargest() }
        } else if heapCount < wanted {
            push(lower)
        } else if lower > heap[0] {
            replaceRoot(lower)
        }
    }

    /// Drops the candidates that later ones have pushed out.
    package mutating func prune() {
        if !isHeap, heapCount > wanted { keepLargest() }
        var kept = 0
        for index in 0..<count where uppers[index] >= threshold {
            slots[kept] = slots[index]
            uppers[kept] = uppers[index]
            kept &+= 1
        }
        count = kept
    }

    /// Orders the kept candidates by falling upper end, so that the promising ones are settled first.
    package mutating func sortByUpper() {
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
    /// Cuts the list of lower ends back to the largest `wanted`, and raises the threshold to the least of them.
    ///
    /// Quickselect (Hoare, "Algorithm 65: Find", CACM 4(7), 1961).
    private mutating func keepLargest() {
        var (first, last) = (0, heapCount &- 1)
        let position = wanted &- 1
        while first < last {
            let pivot = heap[(first &+ last) / 2]
            var (left, right) = (first, last)
            while left <= right {
                while heap[left] > pivot { left &+= 1 }
                while heap[right] < pivot { right &-= 1 }
                if left <= right {
                    (heap[left], heap[right]) = (heap[right], heap[left])
                    left &+= 1
                    right &-= 1
                }
            }
            if position <= right {
                last = right
            } else if position >= left {
                first = left
            } else {
                break
            }
        }
        heapCount = wanted
        threshold = Swift.max(threshold, heap[position])
    }

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

/// Uninitialised memory that a search writes before it reads, kept from one search to the next.
struct ScratchBuffer<Element: BitwiseCopyable>: ~Copyable {
    private(set) var capacity = 0
    private var storage: UnsafeMutablePointer<Element>?

    init() {}

    deinit {
        storage?.deallocate()
    }

    /// Returns memory for at least `count` elements, whose content is unspecified.
    mutating func reserve(_ count: Int) -> UnsafeMutablePointer<Element> {
        if let storage, count <= capacity { return storage }
        storage?.deallocate()
        return allocate(Swift.max(count, 16))
    }

    /// Makes room for at least `count` elements and keeps the first `kept` ones.
    mutating func grow(_ count: Int, keeping kept: Int) -> UnsafeMutablePointer<Element> {
        if let storage, count <= capacity { return storage }
        let old = storage
        let fresh = allocate(Swift.max(count, capacity * 2, 16))
        if let old {
            fresh.update(from: old, count: kept)
            old.deallocate()
        }
        return fresh
    }

    private mutating func allocate(_ count: Int) -> UnsafeMutablePointer<Element> {
        // `allocate(capacity:)` multiplies without looking: too many elements would get too little memory.
        precondition(count <= Int.max / MemoryLayout<Element>.stride, "out of memory: \(count) elements of scratch")
        let fresh = UnsafeMutablePointer<Element>.allocate(capacity: count)
        storage = fresh
        capacity = count
        return fresh
    }
}

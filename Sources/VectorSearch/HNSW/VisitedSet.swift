/// Which nodes a walk has met: one byte per node, tagged with the number of the walk.
///
/// Starting over is free in 254 of 255 walks; then the bytes are cleared once. Serves any number of graphs in turn,
/// because an old tag means nothing to a new walk.
struct VisitedSet: ~Copyable {
    private var tags: UnsafeMutablePointer<UInt8>?
    private var capacity = 0
    private var epoch: UInt8 = 0

    init() {}

    deinit {
        tags?.deallocate()
    }

    /// Starts a walk over nodes below `count`; the returned tag means visited.
    mutating func begin(count: Int) -> (tags: UnsafeMutablePointer<UInt8>, epoch: UInt8) {
        let tags = reserve(count)
        if epoch == .max {
            tags.update(repeating: 0, count: capacity)
            epoch = 0
        }
        epoch += 1
        return (tags, epoch)
    }

    private mutating func reserve(_ count: Int) -> UnsafeMutablePointer<UInt8> {
        if let tags, count <= capacity { return tags }
        tags?.deallocate()
        let larger = Swift.max(count, capacity * 2, 1024)
        let fresh = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
        fresh.initialize(repeating: 0, count: larger)
        tags = fresh
        capacity = larger
        epoch = 0
        return fresh
    }
}

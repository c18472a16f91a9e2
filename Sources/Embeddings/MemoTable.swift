/// A bounded table of values by text, from which the least recently used entry goes first.
///
/// Texts are compared byte by byte: Swift's `String` calls "é" and "e" + U+0301 equal, and a model need not.
///
/// ```
///  index   text bytes → node
///  nodes   … ⇄ most recently used ⇄ … ⇄ least recently used ⇄ …     a ring through node 0, which holds no entry
/// ```
struct MemoTable<Value> {
    private struct Node {
        var key: [UInt8]
        var value: Value?
        var newer: Int
        var older: Int
    }

    private let capacity: Int
    private var index: [[UInt8]: Int] = [:]
    private var nodes: [Node] = [Node(key: [], value: nil, newer: 0, older: 0)]

    /// Creates a table of at most `capacity` entries.
    init(capacity: Int) {
        precondition(capacity > 0, "a table has room for at least one entry")
        self.capacity = capacity
    }

    /// The number of entries.
    var count: Int { index.count }

    /// The value of a text, which becomes the most recently used.
    ///
    /// - Complexity: O(bytes).
    mutating func value(for text: String) -> Value? {
        guard let node = index[Array(text.utf8)] else { return nil }
        unlink(node)
        linkAsNewest(node)
        return nodes[node].value
    }

    /// Adds or replaces the value of a text.
    ///
    /// - Complexity: O(bytes).
    mutating func insert(_ value: Value, for text: String) {
        let key = Array(text.utf8)
        if let node = index[key] {
            nodes[node].value = value
            unlink(node)
            linkAsNewest(node)
            return
        }
        let node: Int
        if index.count == capacity {
            node = nodes[0].newer
            unlink(node)
            index[nodes[node].key] = nil
            nodes[node].key = key
            nodes[node].value = value
        } else {
            node = nodes.count
            nodes.append(Node(key: key, value: value, newer: 0, older: 0))
        }
        index[key] = node
        linkAsNewest(node)
    }

    // In the ring, node 0's `older` is the newest entry and its `newer` the oldest: the ends of the list meet there.

    private mutating func unlink(_ node: Int) {
        let (newer, older) = (nodes[node].newer, nodes[node].older)
        nodes[newer].older = older
        nodes[older].newer = newer
    }

    private mutating func linkAsNewest(_ node: Int) {
        let second = nodes[0].older
        nodes[node].newer = 0
        nodes[node].older = second
        nodes[second].newer = node
        nodes[0].older = node
    }
}

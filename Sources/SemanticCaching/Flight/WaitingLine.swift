/// Callers in the order in which they came, any of whom may leave.
///
///     var line = WaitingLine()
///     line.append(1)
///     line.append(2)
///     line.remove(1)
///     line.popFirst()     // 2
///
/// Whoever left keeps a place until it is come by, or until half of the places are of such.
struct WaitingLine: Sendable {
    private var places: [UInt64] = []
    private var present: Set<UInt64> = []
    /// The places before this one are of no use any more.
    private var start = 0

    /// The number of callers that wait.
    var count: Int { present.count }

    /// Those that wait, in no order.
    var all: Set<UInt64> { present }

    /// Adds a caller at the end.
    ///
    /// - Complexity: O(1) amortised, as of all that changes the line.
    mutating func append(_ number: UInt64) {
        present.insert(number)
        places.append(number)
    }

    /// Takes a caller out; false if it does not wait.
    @discardableResult
    mutating func remove(_ number: UInt64) -> Bool {
        guard present.remove(number) != nil else { return false }
        if places.count > 2 * present.count + 16 {
            places = places[start...].filter(present.contains)
            start = 0
        }
        return true
    }

    /// Takes out the caller that waits longest.
    mutating func popFirst() -> UInt64? {
        while start < places.count {
            let number = places[start]
            start += 1
            if remove(number) { return number }
        }
        return nil
    }
}

/// A set of Unicode scalars as ranges, as a class like `[a-z0-9_]` describes it.
struct ScalarSet: Hashable, Sendable {
    private var ranges: [ClosedRange<UInt32>]
    private var isInverted: Bool

    init(_ ranges: [ClosedRange<UInt32>] = [], isInverted: Bool = false) {
        self.ranges = ranges
        self.isInverted = isInverted
    }

    init(_ scalar: Unicode.Scalar) { self.init([scalar.value...scalar.value]) }

    static let digits = ScalarSet([0x30...0x39])
    static let wordCharacters = ScalarSet([0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A])
    static let spaces = ScalarSet([0x09...0x0D, 0x20...0x20, 0x85...0x85, 0xA0...0xA0, 0x2028...0x2029])
    static let allButNewlines = ScalarSet([0x0A...0x0A], isInverted: true)
    static let all = ScalarSet(isInverted: true)

    var inverted: ScalarSet { ScalarSet(ranges, isInverted: !isInverted) }

    /// The scalar of a set of one.
    var onlyScalar: Unicode.Scalar? {
        guard !isInverted, ranges.count == 1, ranges[0].count == 1 else { return nil }
        return Unicode.Scalar(ranges[0].lowerBound)
    }

    /// Adds the scalars of another set; an inverted one is first written out as ranges.
    mutating func formUnion(_ other: ScalarSet) {
        ranges = allRanges + other.allRanges
        isInverted = false
    }

    private var allRanges: [ClosedRange<UInt32>] {
        guard isInverted else { return ranges }
        var gaps: [ClosedRange<UInt32>] = []
        var next: UInt32 = 0
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if range.lowerBound > next { gaps.append(next...(range.lowerBound - 1)) }
            next = max(next, range.upperBound + 1)
        }
        return next <= 0x10FFFF ? gaps + [next...0x10FFFF] : gaps
    }

    /// - Complexity: O(ranges).
    func contains(_ scalar: Unicode.Scalar) -> Bool {
        ranges.contains { $0.contains(scalar.value) } != isInverted
    }

    /// Whether the set has the scalar in one of its cases.
    func containsIgnoringCase(_ scalar: Unicode.Scalar) -> Bool {
        if contains(scalar) { return true }
        let properties = scalar.properties
        return [properties.lowercaseMapping, properties.uppercaseMapping].contains { mapping in
            guard let other = mapping.unicodeScalars.first, mapping.unicodeScalars.count == 1 else { return false }
            return contains(other)
        }
    }
}

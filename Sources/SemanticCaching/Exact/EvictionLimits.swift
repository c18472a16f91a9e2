/// How much may be kept.
package struct EvictionLimits: Hashable, Sendable {
    /// The greatest number of entries.
    package var maximumEntries: Int
    /// The greatest number of bytes.
    package var maximumBytes: Int

    /// Creates limits; by default there are none.
    package init(maximumEntries: Int = .max, maximumBytes: Int = .max) {
        self.maximumEntries = maximumEntries
        self.maximumBytes = maximumBytes
    }

    func allow(entries: Int, bytes: Int) -> Bool { entries <= maximumEntries && bytes <= maximumBytes }
}

/// A key of a ``SlotTable``.
package protocol SlotKey: Equatable, Sendable {
    /// The hash that places the key.
    func hash(seed: HashSeed) -> UInt64
}

extension Digest256: SlotKey {
    package func hash(seed: HashSeed) -> UInt64 { seed.hash(words.0, words.1) }
}

extension EntryID: SlotKey {
    package func hash(seed: HashSeed) -> UInt64 { seed.hash(high, low) }
}

/// Bytes that an index holds, by purpose.
public struct IndexMemoryUse: Hashable, Sendable {
    /// Float32 rows.
    public var vectors: Int
    /// Quantised codes and their scales.
    public var codes: Int
    /// Graph links.
    public var links: Int
    /// Ids, attributes, free lists, lookup tables.
    public var bookkeeping: Int

    /// All of it.
    public var total: Int { vectors + codes + links + bookkeeping }

    /// Creates an account; everything not named is zero.
    public init(vectors: Int = 0, codes: Int = 0, links: Int = 0, bookkeeping: Int = 0) {
        self.vectors = vectors
        self.codes = codes
        self.links = links
        self.bookkeeping = bookkeeping
    }

    /// Adds two accounts purpose by purpose.
    public static func + (left: IndexMemoryUse, right: IndexMemoryUse) -> IndexMemoryUse {
        IndexMemoryUse(
            vectors: left.vectors + right.vectors,
            codes: left.codes + right.codes,
            links: left.links + right.links,
            bookkeeping: left.bookkeeping + right.bookkeeping
        )
    }
}

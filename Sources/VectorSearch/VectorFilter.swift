/// A predicate over the attributes of entries, evaluated inside the search.
///
///     var options = SearchOptions()
///     options.filter = VectorFilter(label: 3, notExpiredAt: now)
///
/// Plain data instead of a closure: it costs two comparisons per entry and can run on a column.
public struct VectorFilter: Hashable, Sendable {
    /// Passes only entries of this class.
    public var label: UInt32?
    /// Passes only entries that expire later than this time, in seconds since 1970.
    public var notExpiredAt: UInt32?

    /// Creates a filter; without arguments it passes everything.
    public init(label: UInt32? = nil, notExpiredAt: UInt32? = nil) {
        self.label = label
        self.notExpiredAt = notExpiredAt
    }

    /// Whether an entry with these attributes may be found.
    @inlinable
    public func passes(_ attributes: VectorAttributes) -> Bool {
        if let label, attributes.label != label { return false }
        // The greatest value means "never" at any time, also at the end of time.
        if let notExpiredAt, attributes.expiresAt <= notExpiredAt, attributes.expiresAt != .max { return false }
        return true
    }
}

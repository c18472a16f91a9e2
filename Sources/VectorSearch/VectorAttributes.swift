/// What a filter can see of an entry.
public struct VectorAttributes: Hashable, Sendable {
    /// A caller-defined class of entries, such as an interned tag or model.
    public var label: UInt32
    /// Seconds since 1970 from which on the entry counts as expired; the greatest value means never.
    public var expiresAt: UInt32

    /// Creates attributes; the defaults never expire.
    public init(label: UInt32 = 0, expiresAt: UInt32 = .max) {
        self.label = label
        self.expiresAt = expiresAt
    }
}

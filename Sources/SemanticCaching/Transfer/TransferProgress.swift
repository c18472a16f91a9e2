/// How far an import or export has come.
public struct TransferProgress: Hashable, Sendable {
    /// Records that were read or written.
    public var records = 0
    /// Bytes of the file, or records of the store, that are done.
    public var done = 0
    /// Bytes of the file, or records of the store, in all; nil if that is not known.
    public var total: Int?
    /// How long it has taken.
    public var elapsed = Duration.zero

    /// Records per second.
    public var recordsPerSecond: Double { elapsed > .zero ? Double(records) / elapsed.inSeconds : 0 }

    /// The part that is done, from 0 to 1; nil if the whole is not known.
    public var fraction: Double? {
        total.map { $0 > 0 ? min(1, Double(done) / Double($0)) : 1 }
    }

    /// How long the rest will take at this rate; nil if that cannot be told yet.
    public var remaining: Duration? {
        guard let fraction, fraction > 0 else { return nil }
        return .seconds(elapsed.inSeconds * (1 - fraction) / fraction)
    }

    /// Creates the progress of something that has just begun.
    public init(total: Int? = nil) { self.total = total }
}

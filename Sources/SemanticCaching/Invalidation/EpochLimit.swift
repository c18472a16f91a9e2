/// What bounds the epochs of namespaces, wherever they are read from.
package enum EpochLimit {
    /// Epochs lie below it: doubles, which a server's scripts count in, have each of them exactly, and one more never
    /// overflows.
    package static let value: UInt64 = 1 << 53

    /// Reads an epoch as it is kept; nil if it is no number, or none of ours.
    package static func epoch(_ text: some StringProtocol) -> UInt64? { UInt64(text).flatMap { $0 < value ? $0 : nil } }
}

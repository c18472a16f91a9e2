/// The identity of a cached answer: 48 bits of time, then 80 random bits, in the spelling of ULIDs.
///
///     EntryID("01JD3XGQ5WJ1V8Z0N2Y6K4T7RB")
///
/// Ids of later entries sort behind those of earlier ones and are unique across replicas.
public struct EntryID: Hashable, Comparable, Sendable {
    /// Milliseconds since the Unix epoch, then 16 random bits.
    public let high: UInt64
    /// 64 random bits.
    public let low: UInt64

    /// Creates an id from its 128 bits.
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Creates the id of an entry that is made now.
    public init(at time: Timestamp, using generator: inout some RandomNumberGenerator) {
        let milliseconds = UInt64(clamping: time.milliseconds) & 0xFFFF_FFFF_FFFF
        high = milliseconds << 16 | UInt64.random(in: 0...0xFFFF, using: &generator)
        low = .random(in: .min ... .max, using: &generator)
    }

    /// Orders ids by time of creation.
    public static func < (left: EntryID, right: EntryID) -> Bool { (left.high, left.low) < (right.high, right.low) }
}

extension EntryID: LosslessStringConvertible {
    private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

    /// Reads the 26 letters of an id, in either case; nil for anything else.
    public init?(_ description: String) {
        var high: UInt64 = 0
        var low: UInt64 = 0
        var count = 0
        for byte in description.utf8 {
            let upper = byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z") ? byte - 32 : byte
            guard let digit = Self.alphabet.firstIndex(of: upper), high >> 59 == 0 else { return nil }
            high = high << 5 | low >> 59
            low = low << 5 | UInt64(digit)
            count += 1
        }
        guard count == 26 else { return nil }
        self.init(high: high, low: low)
    }

    /// The id in 26 letters of Crockford's base 32.
    public var description: String {
        var letters = [UInt8](repeating: 0, count: 26)
        var (high, low) = (high, low)
        for index in letters.indices.reversed() {
            letters[index] = Self.alphabet[Int(low & 31)]
            low = low >> 5 | high << 59
            high >>= 5
        }
        return String(decoding: letters, as: UTF8.self)
    }
}

/// The slot of a key in a Cluster: CRC16 (XMODEM) of the part in the first braces, modulo 16,384.
///
///     HashSlot.of(Array("{user1000}.following".utf8))  // the slot of "user1000"
package enum HashSlot {
    /// The number of slots.
    package static let count = 16_384

    /// The slot of a key.
    ///
    /// - Complexity: O(*n*) for *n* bytes of the key.
    package static func of(_ key: [UInt8]) -> Int {
        var part = key[...]
        if let open = key.firstIndex(of: UInt8(ascii: "{")) {
            let rest = key[(open + 1)...]
            if let close = rest.firstIndex(of: UInt8(ascii: "}")), close > rest.startIndex { part = rest[..<close] }
        }
        return Int(crc16(part)) % count
    }

    private static func crc16(_ bytes: ArraySlice<UInt8>) -> UInt16 {
        var crc: UInt16 = 0
        for byte in bytes { crc = crc << 8 ^ table[Int(UInt8(crc >> 8) ^ byte)] }
        return crc
    }

    private static let table: [UInt16] = (0..<256).map { value in
        (0..<8).reduce(UInt16(value) << 8) { crc, _ in crc & 0x8000 == 0 ? crc << 1 : crc << 1 ^ 0x1021 }
    }
}

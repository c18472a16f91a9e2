internal import Foundation
internal import StrictJSON

/// Writes values in the one byte form that all equal values share and no two different values do.
///
/// Every value is a tag, a length or count as LEB128, and its bytes: no value is a prefix of another, so a sequence of
/// values reads back in one way only. Texts are in Unicode normalisation form C, numbers in their canonical decimal
/// form, members of objects sorted by the bytes of their names.
struct CanonicalEncoder {
    private(set) var bytes: [UInt8]

    init(capacity: Int) {
        bytes = []
        bytes.reserveCapacity(capacity)
    }

    mutating func write(tag: Unicode.Scalar) { bytes.append(UInt8(truncatingIfNeeded: tag.value)) }

    mutating func write(count: Int) {
        var rest = UInt64(count)
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    mutating func write(_ text: String) {
        write(tag: "s")
        var text = text
        // A conversation is mostly such texts, and each is looked at once: it is in normalisation form C already.
        let isASCII = text.withUTF8 { utf8 in
            guard utf8.isASCII else { return false }
            write(count: utf8.count)
            bytes.append(contentsOf: utf8)
            return true
        }
        if isASCII { return }
        let normalized = text.isSurelyNFC ? text : text.precomposedStringWithCanonicalMapping
        write(count: normalized.utf8.count)
        bytes.append(contentsOf: normalized.utf8)
    }

    mutating func write(_ digest: Digest256) {
        write(tag: "d")
        withUnsafeBytes(of: digest.words) { bytes.append(contentsOf: $0) }
    }

    mutating func write(_ value: JSONValue) {
        switch value {
        case .null: write(tag: "z")
        case .bool(let bool): write(tag: bool ? "t" : "f")
        case .string(let text): write(text)
        case .number(let number):
            write(tag: "n")
            write(count: number.canonicalText.utf8.count)
            bytes.append(contentsOf: number.canonicalText.utf8)
        case .array(let elements):
            write(tag: "a")
            write(count: elements.count)
            for element in elements { write(element) }
        case .object(let object): write(object.membersSortedByKey)
        }
    }

    mutating func write(_ sortedMembers: [JSONObject.Member]) {
        write(tag: "o")
        write(count: sortedMembers.count)
        for member in sortedMembers {
            write(member.key)
            write(member.value)
        }
    }

    /// Writes the 32 bytes of a digest as they are; returns where they begin.
    mutating func writeLink(_ digest: Digest256) -> Int {
        withUnsafeBytes(of: digest.words) { bytes.append(contentsOf: $0) }
        return bytes.count - 32
    }

    /// The digest of everything from an offset on.
    func digest(from offset: Int) -> Digest256 {
        bytes.withUnsafeBytes { Digest256(hashing: UnsafeRawBufferPointer(rebasing: $0[offset...])) }
    }

    /// The digest of everything up to an offset.
    func digest(upTo offset: Int) -> Digest256 {
        bytes.withUnsafeBytes { Digest256(hashing: UnsafeRawBufferPointer(rebasing: $0[..<offset])) }
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// Whether no byte has its highest bit set; eight bytes at a time.
    fileprivate var isASCII: Bool {
        let bytes = UnsafeRawBufferPointer(self)
        var seen: UInt64 = 0
        var offset = 0
        while offset + 8 <= bytes.count {
            seen |= bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            offset += 8
        }
        while offset < bytes.count {
            seen |= UInt64(bytes[offset])
            offset += 1
        }
        return seen & 0x8080_8080_8080_8080 == 0
    }
}

extension String {
    /// Whether a look at each scalar alone shows that the text is in normalisation form C; false if it takes more.
    ///
    /// Below U+0300 nothing combines; the ideographs and the emoji blocks neither compose nor decompose.
    var isSurelyNFC: Bool {
        return unicodeScalars.allSatisfy { scalar in
            switch scalar.value {
            case 0..<0x300, 0x2010...0x2027, 0x3001...0x3029, 0x3400...0x9FFF, 0xFF01...0xFF5E, 0x1F300...0x1FAFF: true
            default: false
            }
        }
    }
}

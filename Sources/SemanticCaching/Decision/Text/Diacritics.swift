private import Foundation

/// Letters and the marks that they carry.
///
/// Uncased BERT vocabularies strip marks (Unicode's nonspacing ones, after canonical decomposition): to such a model `schon` and
/// `schön`, か and が, `ano` and `año` are one word.
enum Diacritics {
    /// The scripts whose letters are composed with marks; Chinese and Hangul are not.
    private static let scripts: [ClosedRange<UInt32>] = [
        0xC0...0x24F, 0x370...0x6FF, 0x900...0xDFF, 0x1E00...0x1FFF, 0x3041...0x30FF,
    ]

    /// The letter below the marks, of those that have any: some two thousand, composed once per process in a few milliseconds.
    private static let bases: [UInt32: UInt32] = {
        var bases: [UInt32: UInt32] = [:]
        for value in scripts.joined() {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let parts = String(Character(scalar)).decomposedStringWithCanonicalMapping.unicodeScalars
            if let first = parts.first, first.value != value, !isMark(first.value) { bases[value] = first.value }
        }
        return bases
    }()

    /// The letter without its marks; 0 for a mark itself.
    static func base(of scalar: UInt32) -> UInt32 {
        if scalar < 0xC0 { return scalar }
        if let base = bases[scalar] { return base }
        return isMark(scalar) ? 0 : scalar
    }

    /// Whether it is a mark on a letter; not what selects the look of an emoji.
    static func isMark(_ scalar: UInt32) -> Bool {
        guard scalar >= 0x300, !(0xFE00...0xFE0F).contains(scalar), scalar != 0x20E3, scalar < 0xE0000,
            let category = Unicode.Scalar(scalar)?.properties.generalCategory
        else { return false }
        return category == .nonspacingMark || category == .spacingMark || category == .enclosingMark
    }
}

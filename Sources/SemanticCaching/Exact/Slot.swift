/// The place of an entry in the flat arrays that describe it; given to another entry once it is free.
///
/// All structures of this folder (table, lists, wheel) speak of entries by their slots, so that they link entries by
/// number and allocate nothing for each.
package struct Slot: Hashable, Sendable {
    package let rawValue: UInt32

    /// No entry.
    static let none = Slot(rawValue: .max)
    /// The number of entries that one structure can describe; a structure may use the other numbers for something else.
    static let limit = Int(Int32.max)

    init(rawValue: UInt32) { self.rawValue = rawValue }

    package init(_ index: Int) { rawValue = UInt32(truncatingIfNeeded: index) }

    /// The index into the flat arrays.
    package var index: Int { Int(rawValue) }
}

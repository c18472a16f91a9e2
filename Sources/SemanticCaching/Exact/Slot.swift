/// The place of an entry in the flat arrays that describe it; given to another entry once it is free.
///
/// All structures of this folder (table, lists, wheel) speak of entries by their slots, so that they link entries by
/// number and allocate nothing for each.
struct Slot: Hashable, Sendable {
    let rawValue: UInt32

    /// No entry. Half of the numbers are left for structures that need to tell slots from something else.
    static let none = Slot(rawValue: .max)
    /// The number of entries that one structure can describe.
    static let limit = Int(Int32.max)

    init(rawValue: UInt32) { self.rawValue = rawValue }

    init(_ index: Int) { rawValue = UInt32(truncatingIfNeeded: index) }

    /// The index into the flat arrays.
    var index: Int { Int(rawValue) }
}

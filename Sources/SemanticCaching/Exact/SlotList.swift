/// The ends of a doubly linked list of slots, with what its entries amount to; the links are in ``EvictionOrder``.
struct SlotList: Sendable {
    /// The slot that goes first.
    var head = Slot.none
    /// The slot that goes last.
    var tail = Slot.none
    /// The number of entries.
    var count = 0
    /// The bytes of the entries.
    var bytes = 0

    var isEmpty: Bool { head == .none }
}

/// The order by value: Greedy-Dual-Size-Frequency with rounded values, so that all entries of a class form one queue.
///
/// An entry is worth *v* = (hits + 1) × saving ÷ bytes and has the priority *L* + *v*, where *L* is the priority of the
/// last entry that went: what was valuable long ago sinks below what is valuable now. Rounding *v* to one of 128
/// classes (a power of two, or one and a half) makes each class a queue in the order of its priorities, since *L* never
/// falls, and the weakest entry is at the head of one of them.
///
/// Cherkasova, HPL-98-69R1, 1998; CAMP: Ghandeharizadeh et al., Middleware 2014, doi 10.1145/2663165.2663317.
extension EvictionOrder {
    struct ValueState: Sendable {
        /// The priority of the last entry that went.
        private var inflation = 0.0
        private var savings: [Float] = []
        private var priorities: [Double] = []
        /// Which classes have entries: one bit each, the low half first.
        private var occupied: (UInt64, UInt64) = (0, 0)

        func saving(of slot: Slot) -> Float { savings[slot.index] }

        func priority(of slot: Slot) -> Double { priorities[slot.index] }

        mutating func setSaving(_ saving: Float, of slot: Slot) {
            while slot.index >= savings.count {
                savings.append(0)
                priorities.append(0)
            }
            savings[slot.index] = saving
        }

        mutating func setPriority(of slot: Slot, inClass valueClass: UInt8) {
            priorities[slot.index] = inflation + Double(Self.value(ofClass: valueClass))
        }

        mutating func mark(_ valueClass: UInt8, isOccupied: Bool) {
            let bit: UInt64 = 1 << UInt64(valueClass & 63)
            let high: UInt64 = valueClass < 64 ? 0 : bit
            let low: UInt64 = valueClass < 64 ? bit : 0
            occupied = isOccupied ? (occupied.0 | low, occupied.1 | high) : (occupied.0 & ~low, occupied.1 & ~high)
        }

        /// Calls the body with each class that has entries, the one of the least value first.
        func forEachOccupiedClass(_ body: (UInt8) -> Void) {
            func visit(_ bits: UInt64, from first: Int) {
                var rest = bits
                while rest != 0 {
                    body(UInt8(first + rest.trailingZeroBitCount))
                    rest &= rest - 1
                }
            }
            visit(occupied.0, from: 0)
            visit(occupied.1, from: 64)
        }

        /// Lets everything that stays age by what the entry that goes was worth.
        mutating func age(by slot: Slot) { inflation = max(inflation, priorities[slot.index]) }

        /// 2⁻⁴⁴, far below a micro-dollar saved by a megabyte.
        private static let lowestBits: UInt32 = (127 - 44) << 1

        /// The class of a value: its binary exponent and the first bit behind it.
        static func valueClass(of value: Float) -> UInt8 {
            guard value > 0 else { return 0 }
            let bits = value.bitPattern >> 22
            return UInt8(bits <= lowestBits ? 0 : min(bits - lowestBits, 127))
        }

        static func value(ofClass valueClass: UInt8) -> Float {
            Float(bitPattern: (UInt32(valueClass) + lowestBits) << 22)
        }
    }

    mutating func insertByValue(_ slot: Slot, saving: Float) {
        values.setSaving(saving, of: slot)
        let valueClass = valueClass(of: slot)
        values.setPriority(of: slot, inClass: valueClass)
        append(slot, to: valueClass)
    }

    mutating func requeueByValue(_ slot: Slot) {
        let valueClass = valueClass(of: slot)
        values.setPriority(of: slot, inClass: valueClass)
        move(slot, to: valueClass)
    }

    /// - Complexity: O(1): there are at most 128 classes.
    var weakestByValue: Slot? {
        var weakest: Slot?
        var least = Double.infinity
        values.forEachOccupiedClass { valueClass in
            let head = queues[Int(valueClass)].head
            let priority = values.priority(of: head)
            if priority < least {
                weakest = head
                least = priority
            }
        }
        return weakest
    }

    private func valueClass(of slot: Slot) -> UInt8 {
        let node = nodes[slot.index]
        return ValueState.valueClass(
            of: (Float(node.hits) + 1) * values.saving(of: slot) / Float(max(node.bytes, 1))
        )
    }
}

import SemanticCaching
import SemanticCachingTesting
import Testing

@Suite struct TimerWheelTests {
    private static let start: Int64 = 1_700_000_000_000

    private func time(_ milliseconds: Int64) -> Timestamp { Timestamp(milliseconds: milliseconds) }

    private func popAll(_ wheel: inout TimerWheel, now: Int64) -> Set<Int> {
        var popped: Set<Int> = []
        while let slot = wheel.popExpired(now: time(now)) { #expect(popped.insert(slot.index).inserted) }
        return popped
    }

    /// Against a dictionary that is searched from end to end, over steps from milliseconds to years.
    @Test(arguments: [UInt64(1), 2, 3, 4, 5])
    func popsExactlyWhatHasExpired(seed: UInt64) {
        var generator = SeededGenerator.announced(seed: seed)
        var wheel = TimerWheel()
        var deadlines: [Int: Int64] = [:]
        var now = Self.start
        for _ in 0..<4_000 {
            let slot = Int.random(in: 0..<200, using: &generator)
            // Spans of each order of magnitude are as likely as any other.
            let span = Int64(1) << Int64.random(in: 0...36, using: &generator)
            let later = now + Int64.random(in: -3...span, using: &generator)
            switch Int.random(in: 0..<10, using: &generator) {
            case 0..<5:
                deadlines[slot] = later
                wheel.schedule(Slot(slot), at: time(later), now: time(now))
            case 5:
                deadlines[slot] = nil
                wheel.cancel(Slot(slot))
            case 6:
                if let current = deadlines[slot], later > current {
                    deadlines[slot] = later
                    wheel.postpone(Slot(slot), to: time(later))
                }
            default:
                now += Int64.random(
                    in: 0...(Int64(1) << Int64.random(in: 0...34, using: &generator)),
                    using: &generator
                )
                let expected = Set(deadlines.filter { $0.value <= now }.keys)
                #expect(popAll(&wheel, now: now) == expected)
                for slot in expected { deadlines[slot] = nil }
            }
            #expect(wheel.count == deadlines.count)
        }
    }

    @Test func anEntryIsThereUntilItsMillisecond() {
        for span in [Int64(1), 63, 64, 65, 4_095, 4_096, 86_400_000, 31_536_000_000] {
            var wheel = TimerWheel()
            wheel.schedule(Slot(0), at: time(Self.start + span), now: time(Self.start))
            #expect(wheel.popExpired(now: time(Self.start + span - 1)) == nil, "span \(span)")
            #expect(wheel.popExpired(now: time(Self.start + span)) == Slot(0), "span \(span)")
            #expect(wheel.popExpired(now: time(.max)) == nil, "span \(span)")
        }
    }

    @Test func whatWasDueBeforeItCameIsDueAtOnce() {
        var wheel = TimerWheel()
        wheel.schedule(Slot(0), at: time(-5), now: time(Self.start))
        wheel.schedule(Slot(1), at: time(Self.start - 1), now: time(Self.start))
        #expect(popAll(&wheel, now: Self.start) == [0, 1])
    }

    @Test func farDeadlinesAreNever() {
        var wheel = TimerWheel()
        wheel.schedule(Slot(0), at: time(.max), now: time(Self.start))
        wheel.schedule(Slot(1), at: time(1 << 48), now: time(Self.start))
        wheel.schedule(Slot(2), at: nil, now: time(Self.start))
        #expect(wheel.count == 0)
        #expect(wheel.popExpired(now: time(.max)) == nil)
        #expect(wheel.deadline(of: Slot(1)) == time(1 << 48))
        #expect(wheel.deadline(of: Slot(2)) == nil)
    }

    @Test func aClockSetBackNeverExpiresAnythingEarly() {
        var wheel = TimerWheel()
        wheel.schedule(Slot(0), at: time(Self.start + 100_000), now: time(Self.start))
        #expect(wheel.popExpired(now: time(Self.start + 50_000)) == nil)
        let back = Self.start - 3_600_000
        wheel.schedule(Slot(1), at: time(back + 10), now: time(back))
        #expect(wheel.popExpired(now: time(back + 9)) == nil)
        #expect(wheel.popExpired(now: time(back + 3_600_000)) == nil)
        #expect(popAll(&wheel, now: Self.start + 100_000) == [0, 1])
    }

    @Test func aPostponedEntryWaitsForItsNewDeadline() {
        var wheel = TimerWheel()
        wheel.schedule(Slot(0), at: time(Self.start + 10), now: time(Self.start))
        wheel.postpone(Slot(0), to: time(Self.start + 10_000))
        #expect(wheel.popExpired(now: time(Self.start + 9_999)) == nil)
        #expect(wheel.popExpired(now: time(Self.start + 10_000)) == Slot(0))
    }
}

internal import Synchronization

/// Calls back when a time is up, to within a tick, and keeps nothing of an alarm that was cancelled.
///
///     let alarm = DeadlineWheel.shared.add(after: .seconds(60)) { connection.close() }
///     defer { alarm.cancel() }
///
/// `Task.sleep` would do, were it not that a cancelled sleep keeps its timer until it would have ended: with a minute for
/// each of ten thousand requests a second, that is half a gigabyte of timers for requests long gone. Here an alarm is an
/// entry under the tick at which it is due. One task looks at each tick, and only while there are alarms.
///
/// - Complexity: O(1) to add and to cancel.
package final class DeadlineWheel: Sendable {
    /// An alarm that can be taken back.
    package struct Alarm: Sendable {
        fileprivate let wheel: DeadlineWheel
        fileprivate let tick: Int64
        fileprivate let number: UInt64

        /// Takes the alarm back; without effect once it went off.
        package func cancel() { wheel.remove(self) }
    }

    private struct State {
        var alarms: [Int64: [UInt64: @Sendable () -> Void]] = [:]
        var lastNumber: UInt64 = 0
        /// The last tick whose alarms went off.
        var lastTick: Int64 = 0
        var isTicking = false
    }

    /// The wheel of the process.
    package static let shared = DeadlineWheel()

    /// Longer ones are cut: sums of them could not be held.
    private static let longest = Duration.seconds(Int64(1) << 48)

    private let state = Mutex(State())
    private let tick: Duration
    private let start = ContinuousClock.now

    /// Creates a wheel without alarms.
    ///
    /// - Parameter tick: How late an alarm may come.
    package init(tick: Duration = .milliseconds(10)) {
        self.tick = tick
    }

    /// The number of alarms that are neither due nor cancelled.
    package var count: Int { state.withLock { $0.alarms.values.reduce(0) { $0 + $1.count } } }

    /// Sets an alarm; it never goes off early.
    ///
    /// - Parameter action: Runs on a task of the wheel's; it must not block.
    package func add(after duration: Duration, _ action: @escaping @Sendable () -> Void) -> Alarm {
        let now = start.duration(to: .now)
        // An alarm beyond all times is as good as one in ten million years.
        let due = Int64(min(((now + max(.zero, min(duration, Self.longest))) / tick).rounded(.up), 0x1p62))
        let (alarm, mustTick) = state.withLock { state in
            if state.alarms.isEmpty { state.lastTick = Int64(now / tick) }
            // A tick that has passed is not looked at again.
            let due = max(due, state.lastTick + 1)
            state.lastNumber += 1
            state.alarms[due, default: [:]][state.lastNumber] = action
            defer { state.isTicking = true }
            return (Alarm(wheel: self, tick: due, number: state.lastNumber), !state.isTicking)
        }
        if mustTick { Task.detached { await self.run() } }
        return alarm
    }

    private func remove(_ alarm: Alarm) {
        state.withLock { state in
            guard state.alarms[alarm.tick]?.removeValue(forKey: alarm.number) != nil else { return }
            if state.alarms[alarm.tick]?.isEmpty == true { state.alarms[alarm.tick] = nil }
        }
    }

    private func run() async {
        while true {
            // Nobody cancels the task; and if someone did, alarms would only be looked for more often.
            try? await Task.sleep(for: tick)
            let (actions, isOver) = takeDue()
            for action in actions { action() }
            if isOver { return }
        }
    }

    private func takeDue() -> (actions: [@Sendable () -> Void], isOver: Bool) {
        let present = Int64(start.duration(to: .now) / tick)
        return state.withLock { state in
            var due: [@Sendable () -> Void] = []
            while state.lastTick < present, !state.alarms.isEmpty {
                state.lastTick += 1
                if let actions = state.alarms.removeValue(forKey: state.lastTick) { due += actions.values }
            }
            state.isTicking = !state.alarms.isEmpty
            return (due, state.alarms.isEmpty)
        }
    }
}

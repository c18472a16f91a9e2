internal import CHiredis
internal import Glibc

/// What a connection's thread waits for: its socket, and a signal of those who want something of it.
///
/// Made of `epoll` and not of `poll`, because what is expected of the socket changes while the thread waits: a caller that
/// looks for its reply itself must not wake the thread.
struct SocketWatch: ~Copyable, Sendable {
    /// What has happened.
    struct Events: OptionSet, Sendable {
        let rawValue: Int32

        static let input = Events(rawValue: Int32(SEMCACHE_INPUT))
        static let output = Events(rawValue: Int32(SEMCACHE_OUTPUT))
        static let wakeup = Events(rawValue: Int32(SEMCACHE_WAKEUP))
    }

    /// What the thread waits on; it alone ends the watch, so that it may do so outside the lock.
    let descriptor: Int32
    private let socket: Int32
    private var expected: Events = .input

    init(socket: Int32, wakeup: borrowing Wakeup) throws(RedisError) {
        descriptor = semcache_watch_open(socket, wakeup.descriptor)
        self.socket = socket
        guard descriptor >= 0 else {
            throw .unavailable("the system has no descriptor to give: \(String(cString: strerror(errno)))")
        }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Whether the thread is woken by input.
    var isListening: Bool { expected.contains(.input) }

    /// Says what the thread is to be woken for, also if it waits already.
    mutating func expect(_ events: Events) {
        guard events != expected, semcache_watch_expect(descriptor, socket, events.rawValue) == 0 else { return }
        expected = events
    }

    /// Waits until something happens or the time is over; -1 for no limit.
    static func wait(on descriptor: Int32, _ wakeup: borrowing Wakeup, milliseconds: Int64) -> Events {
        Events(
            rawValue: semcache_watch_wait(descriptor, wakeup.descriptor, Int32(clamping: milliseconds))
        )
    }
}

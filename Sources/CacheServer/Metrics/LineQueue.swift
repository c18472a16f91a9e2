internal import Dispatch
internal import Synchronization

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// Writes lines to a descriptor, so that who has one to write never waits for who reads them.
///
///     append ──► pending, bounded ──► a thread of its own ──► write(2), whole lines
///                   │ full
///                   └──► dropped, and counted
///
/// Requests are answered on the threads that serve connections: there a pipe that nobody reads would stop them all.
package final class LineQueue: Sendable {
    private struct State {
        var pending: [UInt8] = []
        var isWriting = false
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())
    private let descriptor: Int32
    private let maximumBytes: Int
    private let onDrop: @Sendable (Int) -> Void
    /// A serial queue of its own, which gets a thread whenever it has work, however many others are blocked.
    private let queue = DispatchQueue(label: "semcache.lines")

    /// A pipe takes so many bytes at once or none of them (PIPE_BUF on Linux): lines of several writers stay whole.
    private static let pieceBytes = 4_096

    /// Creates a queue of nothing.
    ///
    /// - Parameters:
    ///   - maximumBytes: So much waits at most; as much again may be on its way to the descriptor.
    ///   - onDrop: Told the number of lines that were not written, because too much waits or the descriptor takes none.
    package init(descriptor: Int32, maximumBytes: Int = 4 << 20, onDrop: @escaping @Sendable (Int) -> Void) {
        self.descriptor = descriptor
        self.maximumBytes = maximumBytes
        self.onDrop = onDrop
    }

    /// Adds a line, given without its end.
    package func append(_ line: String) {
        let (isDropped, mustStart) = state.withLock { state in
            guard state.pending.count + line.utf8.count < maximumBytes else { return (true, false) }
            state.pending.append(contentsOf: line.utf8)
            state.pending.append(UInt8(ascii: "\n"))
            defer { state.isWriting = true }
            return (false, !state.isWriting)
        }
        if isDropped { onDrop(1) }
        if mustStart { queue.async { self.writePending() } }
    }

    /// Waits until every line is written, or dropped.
    package func drained() async {
        await withCheckedContinuation { continuation in
            let isIdle = state.withLock { state in
                if state.isWriting { state.waiters.append(continuation) }
                return !state.isWriting
            }
            if isIdle { continuation.resume() }
        }
    }

    private func writePending() {
        while true {
            var batch: [UInt8] = []
            let waiters = state.withLock { state -> [CheckedContinuation<Void, Never>]? in
                swap(&batch, &state.pending)
                guard batch.isEmpty else { return nil }
                state.isWriting = false
                defer { state.waiters = [] }
                return state.waiters
            }
            if let waiters {
                for waiter in waiters { waiter.resume() }
                return
            }
            write(batch)
        }
    }

    private func write(_ lines: [UInt8]) {
        let newline = UInt8(ascii: "\n")
        lines.withUnsafeBytes { bytes in
            var start = 0
            while start < bytes.count {
                // As many whole lines as a pipe takes in one piece; a longer line goes by itself.
                let reach = min(bytes.count, start + Self.pieceBytes)
                let last = bytes[start..<reach].lastIndex(of: newline) ?? bytes[reach...].firstIndex(of: newline)
                let end = (last ?? bytes.count - 1) + 1
                guard writeAll(UnsafeRawBufferPointer(rebasing: bytes[start..<end])) else {
                    return onDrop(bytes[start...].count(where: { $0 == newline }))
                }
                start = end
            }
        }
    }

    /// Writes all bytes; false if the descriptor takes no more.
    private func writeAll(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var rest = bytes
        while !rest.isEmpty {
            #if canImport(Glibc)
            let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
            #elseif canImport(Musl)
            let count = Musl.write(descriptor, rest.baseAddress, rest.count)
            #else
            let count = Darwin.write(descriptor, rest.baseAddress, rest.count)
            #endif
            if count > 0 {
                rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            } else if errno == EAGAIN {
                // Another program made the pipe non-blocking: wait here as a blocking one would have.
                var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = poll(&wait, 1, -1)
            } else if errno != EINTR {
                return false
            }
        }
        return true
    }
}

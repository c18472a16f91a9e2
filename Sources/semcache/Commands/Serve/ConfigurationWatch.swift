import Foundation
import UnixSignals

/// Hears of changes of the configuration, from its making on: of SIGHUP, and of another file at its path.
///
/// Made before the configuration is read, it misses none; and a server that is still opening its store is not ended by SIGHUP.
struct ConfigurationWatch: Sendable {
    /// How often the file is looked at.
    private static let interval = Duration.seconds(2)

    private let path: String?
    private let mark: FileMark?
    private let hangUps: UnixSignalsSequence

    /// - Parameter path: The file; nil for none.
    init(path: String?) async {
        self.path = path
        mark = path.flatMap { FileMark(path: $0) }
        hangUps = await UnixSignalsSequence(trapping: .sighup)
    }

    /// Tells of each change, until the task is cancelled.
    func run(_ onChange: @escaping @Sendable () -> Void) async {
        await withTaskGroup { tasks in
            tasks.addTask { for await _ in hangUps { onChange() } }
            tasks.addTask { await lookAtFile(onChange) }
            await tasks.waitForAll()
        }
    }

    private func lookAtFile(_ onChange: @Sendable () -> Void) async {
        guard let path else { return }
        var last = mark
        while !Task.isCancelled {
            let mark = FileMark(path: path)
            if mark != last { onChange() }
            last = mark
            do { try await Task.sleep(for: Self.interval) } catch { return }
        }
    }
}

/// What tells one version of a file from another, without reading it.
private struct FileMark: Equatable {
    private let device: UInt64
    private let inode: UInt64
    private let size: Int64
    private let seconds: Int
    private let nanoseconds: Int

    /// The mark of what lies at a path now; nil if nothing does.
    init?(path: String) {
        var status = stat()
        // Through links: a mounted configuration is often one that is moved to another file.
        guard stat(path, &status) == 0 else { return nil }
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        size = Int64(status.st_size)
        seconds = status.st_mtim.tv_sec
        nanoseconds = status.st_mtim.tv_nsec
    }
}

import Foundation
import Logging
import ServiceLifecycle
import UnixSignals

/// Takes over a changed configuration while the server runs: at SIGHUP, and when the file changes.
///
/// A configuration that cannot be used changes nothing, and is told in one line of the log.
struct ConfigurationReloads: Service {
    /// How often the file is looked at.
    private static let interval = Duration.seconds(2)

    private let reader: SettingsReader
    private let present: SettingsReader.Outcome
    private let logger: Logger
    private let apply: @Sendable (Settings) throws -> Void
    private let hangUps: UnixSignalsSequence
    private let mark: FileMark?

    /// Watches from now on: a server that is still starting is not ended by SIGHUP, and what is changed meanwhile is seen.
    ///
    /// - Parameter apply: Puts settings into effect.
    init(
        reader: SettingsReader,
        present: SettingsReader.Outcome,
        logger: Logger,
        apply: @escaping @Sendable (Settings) throws -> Void
    ) async {
        self.reader = reader
        self.present = present
        self.logger = logger
        self.apply = apply
        mark = reader.path.flatMap { FileMark(path: $0) }
        hangUps = await UnixSignalsSequence(trapping: .sighup)
    }

    func run() async throws {
        let (moments, moment) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        await cancelWhenGracefulShutdown {
            await withTaskGroup { tasks in
                tasks.addTask { for await _ in hangUps { moment.yield() } }
                tasks.addTask { await watch { moment.yield() } }
                tasks.addTask { await reload(at: moments) }
                await tasks.waitForAll()
            }
        }
    }

    private func reload(at moments: AsyncStream<Void>) async {
        var present = present
        for await _ in moments {
            do {
                let next = try reader.read()
                try apply(next.settings)
                tellOfRestart(from: present, to: next)
                logger.notice("the configuration was loaded anew")
                present = next
            } catch {
                logger.error("the configuration stays as it was: \(Self.message(of: error))")
            }
        }
    }

    /// Names the settings that a running server does not take over, and no value of them.
    private func tellOfRestart(from old: SettingsReader.Outcome, to new: SettingsReader.Outcome) {
        let waiting =
            Setting<Settings>.all.filter { !$0.isLive && !$0.isSame(old.settings, new.settings) }.map(\.path)
            + NamespaceSection.fixedSettings(changedFrom: old.namespaces, to: new.namespaces)
        guard !waiting.isEmpty else { return }
        logger.warning("these settings need a restart: \(waiting.joined(separator: ", "))")
    }

    private static func message(of error: any Error) -> String {
        switch error {
        case let error as UsageError: error.message
        default: "\(error)"
        }
    }

    private func watch(_ onChange: @Sendable () -> Void) async {
        guard let path = reader.path else { return }
        var last = mark
        while !Task.isCancelled {
            do { try await Task.sleep(for: Self.interval) } catch { return }
            let mark = FileMark(path: path)
            if mark != last { onChange() }
            last = mark
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

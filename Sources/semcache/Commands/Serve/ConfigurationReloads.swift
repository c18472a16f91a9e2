import Foundation
import Logging
import ServiceLifecycle

/// Takes over a changed configuration while the server runs: at SIGHUP, and when the file changes.
///
/// A configuration that cannot be used changes nothing, and is told in one line of the log.
struct ConfigurationReloads: Service {
    let reader: SettingsReader
    let present: SettingsReader.Outcome
    let watch: ConfigurationWatch
    let logger: Logger
    /// Puts settings into effect.
    let apply: @Sendable (Settings) throws -> Void

    func run() async throws {
        let (moments, moment) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        await cancelWhenGracefulShutdown {
            await withTaskGroup { tasks in
                tasks.addTask { await watch.run { moment.yield() } }
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
}

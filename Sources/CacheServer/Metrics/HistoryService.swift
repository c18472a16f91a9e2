internal import SemanticCaching
internal import ServiceLifecycle

/// Keeps a sample of the counters now and then, for the charts of the dashboard.
struct HistoryService: Service, ServerPart {
    let core: ServerCore

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                metrics.keep(.init(time: clock.now, lookups: await cache.statistics().lookups))
                do { try await clock.sleep(for: .seconds(10)) } catch { return }
            }
        }
    }
}

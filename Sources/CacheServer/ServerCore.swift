internal import SemanticCaching

/// What the proxy and the admin API have in common.
struct ServerCore: Sendable {
    let cache: SemanticCache
    let live: LiveConfiguration
    let clock: any CacheClock
    let metrics: ServerMetrics
    let recorder: LookupRecorder
}

/// A part of the server.
protocol ServerPart {
    /// What it shares with the others.
    var core: ServerCore { get }
}

extension ServerPart {
    var cache: SemanticCache { core.cache }
    var live: LiveConfiguration { core.live }
    var clock: any CacheClock { core.clock }
    var metrics: ServerMetrics { core.metrics }
    var recorder: LookupRecorder { core.recorder }
    /// The configuration as it is now.
    var configuration: ServerConfiguration { core.live.current.configuration }
}

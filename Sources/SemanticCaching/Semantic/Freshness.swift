/// Whether a stored answer may still be served.
enum Freshness: Hashable, Sendable {
    /// It may be served.
    case fresh
    /// It may be served while one request refreshes it.
    case revalidating
    /// It may be served only if the model fails.
    case ifError
    /// It may not be served.
    case gone

    /// Judges an answer by its expiry, its epoch and what the request accepts.
    init(
        of entry: CacheEntry,
        at now: Timestamp,
        epoch: UInt64,
        settings: NamespaceSettings,
        controls: CacheControls
    ) {
        if entry.epoch < epoch {
            self = .gone
        } else if let maximumAge = controls.maximumAge, now - entry.createdAt > maximumAge {
            self = .gone
        } else if entry.expiresAt.map({ now < $0 }) ?? true {
            self = .fresh
        } else {
            let staleness = entry.expiresAt.map { now - $0 } ?? .zero
            let accepted = min(controls.maximumStaleness ?? .zero, settings.longestStaleness)
            self =
                staleness < max(settings.staleWhileRevalidate, accepted)
                ? .revalidating : staleness < settings.staleIfError ? .ifError : .gone
        }
    }
}

import SemanticCaching

/// The policies that the tool composes caches with.
enum Policies {
    /// The conservative policy for a cold start without labels: threshold and guards.
    static var standard: any HitPolicy { GuardedThresholdPolicy() }
}

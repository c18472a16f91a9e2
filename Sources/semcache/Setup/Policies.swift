import SemanticCaching

/// The policies that the tool composes caches with.
enum Policies {
    /// The conservative policy for a cold start without labels.
    static var standard: any HitPolicy { ThresholdPolicy() }
}

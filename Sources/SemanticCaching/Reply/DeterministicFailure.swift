/// A failure that the same request would meet again: thrown by the model's closure, it is remembered for a short time.
///
///     throw DeterministicFailure("the prompt is longer than the model's context", timeToLive: .seconds(60))
///
/// Only the caller knows which failures are of that kind; every other error is forgotten at once.
public struct DeterministicFailure: Error, Hashable, Sendable {
    /// What failed; shown to every caller that meets the remembered failure.
    public let message: String
    /// For how long the model is not asked again.
    public let timeToLive: Duration

    /// Creates a failure.
    public init(_ message: String, timeToLive: Duration = .seconds(30)) {
        self.message = message
        self.timeToLive = timeToLive
    }
}

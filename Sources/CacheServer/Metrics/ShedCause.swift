/// Why the server itself refused a request, before the cache or the upstream saw it.
enum ShedCause: String, CaseIterable, Sendable {
    /// Too many requests were under way.
    case concurrency
    /// The body was larger than the limit.
    case bodySize = "body-size"
    /// The body did not arrive in time.
    case bodyTime = "body-time"
    /// The key was missing or not accepted.
    case key
}

/// Runs an operation and cancels it when the time is up.
///
/// - Throws: ``OpenAIClientError/timedOut`` when it is, else what the operation throws.
package func withDeadline<Value: Sendable>(
    _ deadline: Duration,
    on time: TimeSource,
    _ operation: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    try await withThrowingTaskGroup(of: Value.self) { group in
        group.addTask { try await operation() }
        group.addTask {
            try await time.sleep(deadline)
            throw OpenAIClientError.timedOut
        }
        defer { group.cancelAll() }
        guard let value = try await group.next() else { throw OpenAIClientError.timedOut }
        return value
    }
}

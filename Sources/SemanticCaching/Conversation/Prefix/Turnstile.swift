/// Lets operations on the same thing pass one after the other, in the order in which they came.
///
///     let tags = await turnstile.run(key) { await read(key) + more }
///
/// Unlike with ``SingleFlight``, everyone's own operation runs.
actor Turnstile<Key: Hashable & Sendable> {
    private var last: [Key: (number: UInt64, task: Task<Void, Never>)] = [:]
    private var lastNumber: UInt64 = 0

    /// Runs an operation behind those that came before for the same key.
    func run<Value: Sendable>(
        _ key: Key,
        _ operation: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let previous = last[key]?.task
        lastNumber += 1
        let number = lastNumber
        let task = Task {
            await previous?.value
            return try await operation()
        }
        last[key] = (number, Task { _ = await task.result })
        defer { if last[key]?.number == number { last[key] = nil } }
        return try await task.value
    }
}

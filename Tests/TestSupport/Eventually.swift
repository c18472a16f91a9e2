/// Waits until a condition holds; false if it does not within the time.
package func eventually(
    _ limit: Duration = .seconds(60),
    _ condition: () async throws -> Bool
) async rethrows -> Bool {
    let end = ContinuousClock.now + limit
    // At first often, so that tests are quick; then seldom, so that a busy machine is not kept busy by asking.
    var pause = Duration.milliseconds(2)
    while true {
        if try await condition() { return true }
        if ContinuousClock.now >= end { return false }
        // A test that is over its time is cancelled, and must not spin here until the limit of the wait.
        do { try await Task.sleep(for: pause) } catch { return false }
        pause = min(pause * 1.5, .milliseconds(50))
    }
}

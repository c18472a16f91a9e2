import SemanticCaching
import SemanticCachingTesting
import Testing

@Suite struct SingleFlightTests {
    private struct Failure: Error {}

    /// Waits until so many callers wait; each look is a step of the scheduler, not of a clock.
    private func waitForWaiters(_ count: Int, in flights: SingleFlight<Int, Int>) async {
        while flights.waitingCount < count { await Task.yield() }
    }

    @Test func tenThousandCallersFetchOnce() async throws {
        let flights = SingleFlight<Int, Int>()
        let gate = Gate()
        let fetches = Watched(0)
        let values = try await withThrowingTaskGroup(of: SingleFlight<Int, Int>.Landing.self) { group in
            for _ in 0..<10_000 {
                group.addTask {
                    try await flights.run(1) {
                        fetches.update { $0 += 1 }
                        try await gate.pass()
                        return 42
                    }
                }
            }
            await waitForWaiters(9_999, in: flights)
            gate.open()
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(fetches.value == 1)
        #expect(values.allSatisfy { $0.value == 42 })
        #expect(values.count(where: \.isLeader) == 1)
        #expect(flights.waitingCount == 0)
    }

    @Test func aCancelledLeaderHandsOver() async throws {
        let flights = SingleFlight<Int, Int>()
        let gate = Gate()
        let leader = Task {
            try await flights.run(1) {
                try await gate.pass()
                return 1
            }
        }
        try await gate.waitForArrivals(count: 1)
        let follower = Task { try await flights.run(1) { 2 } }
        await waitForWaiters(1, in: flights)
        leader.cancel()
        #expect(try await follower.value.value == 2)
        await #expect(throws: CancellationError.self) { try await leader.value }
    }

    @Test func aFailedLeaderHandsOverOnce() async throws {
        let flights = SingleFlight<Int, Int>()
        let gate = Gate()
        let attempts = Watched(0)
        let tasks = (0..<5).map { _ in
            Task {
                try await flights.run(1) {
                    attempts.update { $0 += 1 }
                    try await gate.pass()
                    throw Failure()
                }
            }
        }
        await waitForWaiters(4, in: flights)
        gate.open()
        for task in tasks { await #expect(throws: Failure.self) { try await task.value } }
        #expect(attempts.value == 2)
    }

    @Test func aCancelledFollowerLeavesAtOnce() async throws {
        let flights = SingleFlight<Int, Int>()
        let gate = Gate()
        let leader = Task {
            try await flights.run(1) {
                try await gate.pass()
                return 1
            }
        }
        try await gate.waitForArrivals(count: 1)
        let follower = Task { try await flights.run(1) { 2 } }
        await waitForWaiters(1, in: flights)
        follower.cancel()
        await #expect(throws: CancellationError.self) { try await follower.value }
        gate.open()
        #expect(try await leader.value.value == 1)
    }

    @Test func everyCallerComesDownUnderRandomCancellation() async throws {
        var generator = SeededGenerator.announced(seed: 5)
        let flights = SingleFlight<Int, Int>()
        let tasks = (0..<2_000).map { index in
            Task {
                try await flights.run(index % 7) {
                    await Task.yield()
                    return index % 7
                }
            }
        }
        for task in tasks where Bool.random(using: &generator) { task.cancel() }
        for (index, task) in tasks.enumerated() {
            switch await task.result {
            case .success(let landing): #expect(landing.value == index % 7)
            case .failure(let error): #expect(error is CancellationError)
            }
        }
        #expect(flights.waitingCount == 0)
    }
}

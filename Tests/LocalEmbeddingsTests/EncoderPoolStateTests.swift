import LocalEmbeddings
import Testing

/// Who runs and who waits, without a thread.
@Suite struct EncoderPoolStateTests {
    private func started(_ submission: EncoderPoolState<String, Int>.Submission) -> (job: Int, workspace: String?)? {
        if case .start(let job, let workspace) = submission { (job, workspace) } else { nil }
    }

    @Test func jobsBeyondTheWidthWaitInOrder() throws {
        var state = EncoderPoolState<String, Int>(width: 2)
        let first = try #require(started(state.submit(1)))
        let second = try #require(started(state.submit(2)))
        #expect(first.workspace == nil && second.workspace == nil)
        for job in 3...9 { #expect(started(state.submit(job)) == nil) }
        #expect(state.waitingCount == 7)
        for job in 3...9 { #expect(state.finish("a") == job) }
        #expect(state.finish("a") == nil)
        #expect(state.finish("b") == nil)
        let next = try #require(started(state.submit(10)))
        #expect(next.job == 10 && next.workspace == "b")
    }

    @Test func aJobThatStillWaitsCanLeave() {
        var state = EncoderPoolState<String, Int>(width: 1)
        for job in 1...4 { _ = state.submit(job) }
        #expect(state.remove { $0 == 3 } == 3)
        #expect(state.remove { $0 == 3 } == nil)
        #expect(state.remove { $0 == 1 } == nil)
        #expect(state.finish("a") == 2)
        #expect(state.remove { $0 == 2 } == nil)
        #expect(state.finish("a") == 4)
        #expect(state.finish("a") == nil)
    }

    @Test func aLongQueueKeepsItsOrder() {
        var state = EncoderPoolState<String, Int>(width: 1)
        for job in 0..<1000 { _ = state.submit(job) }
        for job in 1..<500 { #expect(state.finish("a") == job) }
        for job in 1000..<1500 { #expect(started(state.submit(job)) == nil) }
        for job in 500..<1500 { #expect(state.finish("a") == job) }
        #expect(state.finish("a") == nil)
    }
}

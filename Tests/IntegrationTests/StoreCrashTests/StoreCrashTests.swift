import Foundation
import SQLiteStorage
import SemanticCaching
import StoreCrashChild
import Testing

/// Kills a process that stores, again and again over the same directory, and looks at what is left.
///
/// `SEMCACHE_CRASH_ROUNDS` sets the number of rounds (10 by default), `SEMCACHE_CRASH_SEED` repeats a run.
@Suite(.serialized) struct StoreCrashTests {
    private static let environment = ProcessInfo.processInfo.environment

    @Test func acknowledgedEntriesSurviveSIGKILL() async throws {
        let rounds = Self.environment["SEMCACHE_CRASH_ROUNDS"].flatMap { Int($0) } ?? 10
        let seed = Self.environment["SEMCACHE_CRASH_SEED"].flatMap { UInt64($0) } ?? .random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        let directory = CrashDirectory()
        var model = CrashModel()
        var first: UInt64 = 0
        var total = 0
        for round in 0..<rounds {
            let count = Int.random(in: 0...700, using: &generator)
            let outcome = try await CrashChild(directory: directory.path).run(from: first, killAfter: count)
            total += outcome.acknowledged.count
            try #require(outcome.wasKilled, "seed \(seed), round \(round): the child ended with \(outcome.status)")
            let store = try await SQLiteStore.open(at: directory.path)
            let actual = try await contents(of: store, context: "seed \(seed), round \(round)")
            let difference = model.advance(first: first, acknowledged: outcome.acknowledged, actual: actual)
            try #require(difference == nil, "seed \(seed), round \(round): \(difference ?? "")")
            let report = try await store.verify()
            try #require(report.isSound, "seed \(seed), round \(round): \(report.findings)")
            // Groups of 8 steps of each writer belong together; the next child starts behind those of this one.
            let group = 8 * CrashWorkload.writers
            first = ((outcome.acknowledged.max() ?? first) / group + 2) * group
            try await store.close()
        }
        print("\(rounds) kills, \(total) acknowledged calls, \(model.contents.count) answers left, seed \(seed)")
        #expect(rounds < 5 || total > 0)
    }

    @Test func aFullDiskIsAnErrorAndLosesNothing() async throws {
        let directory = CrashDirectory()
        let child = CrashChild(directory: directory.path)
        let outcome = try await child.run(from: 0, killAfter: nil, fileLimit: 3 << 20)
        #expect(outcome.status == 3, "the child must get storeUnavailable and go on reading")
        #expect(outcome.acknowledged.count > 50)
        let store = try await SQLiteStore.open(at: directory.path)
        var model = CrashModel()
        let actual = try await contents(of: store, context: "full disk")
        #expect(model.advance(first: 0, acknowledged: outcome.acknowledged, actual: actual) == nil)
        #expect(try await store.verify().isSound)
        // There is room again: the store goes on.
        let workload = CrashWorkload()
        let number: UInt64 = 1 << 20
        _ = try await store.insert(workload.entry(number), question: workload.question(number, of: number))
        try await store.close()
    }

    /// A log that fills the disk is folded in, and what it took is room again: the store ends when its answers fill the disk.
    @Test func aLogThatFillsTheDiskIsFoldedIn() async throws {
        let directory = CrashDirectory()
        let child = CrashChild(directory: directory.path)
        let outcome = try await child.run(from: 0, killAfter: nil, fileLimit: 3 << 20, withLongLog: true)
        #expect(outcome.status == 3)
        // Commits of four calls and more, of 64 KB and more each, fill the log with some 200 calls.
        #expect(outcome.acknowledged.count > 1000)
        let store = try await SQLiteStore.open(at: directory.path)
        var model = CrashModel()
        let actual = try await contents(of: store, context: "long log")
        #expect(model.advance(first: 0, acknowledged: outcome.acknowledged, actual: actual) == nil)
        #expect(try await store.verify().isSound)
        try await store.close()
    }

    @Test func aFullDiskIsToldEvenIfCallsAreAcknowledgedEarly() async throws {
        let directory = CrashDirectory()
        let child = CrashChild(directory: directory.path)
        let outcome = try await child.run(from: 0, killAfter: nil, fileLimit: 3 << 20, acknowledgingEarly: true)
        #expect(outcome.status == 3, "the calls after the one that was lost must get storeUnavailable")
        let store = try await SQLiteStore.open(at: directory.path)
        #expect(try await store.verify().isSound)
        try await store.close()
    }

    @Test func whatAPersonSaidSurvivesSIGKILL() async throws {
        let directory = CrashDirectory()
        let child = CrashChild(directory: directory.path)
        let outcome = try await child.run(from: 0, killAfter: 25, learning: true)
        try #require(outcome.wasKilled, "the child ended with \(outcome.status)")
        try #require(outcome.acknowledged.count >= 25)
        let store = try await SQLiteStore.open(at: directory.path)
        let namespace = LearningWorkload.scope.namespace
        let policy = try #require(try await store.metadata(namespace.policyName))
        let learner = try JSONDecoder().decode(PolicyLearner.self, from: Data(policy))
        #expect(learner.labelCount >= outcome.acknowledged.count)
        let bytes = try #require(try await store.metadata(namespace.judgedAnswersName))
        let judged = try #require(JudgedAnswers(bytes, embeddingModel: LearningWorkload.embeddingModel))
        let record = try #require(judged.statistics.values.first)
        #expect(judged.statistics.count == 1)
        #expect(record.judgedRight + record.judgedWrong >= outcome.acknowledged.count)
        #expect(record.judgedRight >= outcome.acknowledged.count { $0.isMultiple(of: 3) })
        #expect(record.highestWrongSimilarity != nil && record.lowestRightSimilarity != nil)
        try await store.close()
    }

    /// All that is stored, each part compared with what its number says it must be.
    private func contents(of store: SQLiteStore, context: String) async throws -> CrashModel.Contents {
        let workload = CrashWorkload()
        var found: CrashModel.Contents = [:]
        var after: UInt64 = 0
        while case let page = try await store.questions(after: after, limit: 500), let last = page.last {
            after = last.question.id
            for match in page {
                let (question, entry) = (match.question, match.entry)
                let number = question.id - 1
                var expected = workload.question(number, of: entry.id.high)
                if case .replace(let other) = workload.step(number) {
                    expected = workload.question(number, of: entry.id.high, key: other)
                }
                try #require(question == expected, "\(context): question \(question.id) is not whole")
                try #require(entry == workload.entry(entry.id.high), "\(context): answer \(entry.id) is not whole")
                let byKey = try await store.match(key: question.key)
                try #require(byKey?.entry == entry, "\(context): question \(question.id) does not find its answer")
                found[entry.id, default: []].insert(question.id)
            }
        }
        let entries = try await store.usage().entries
        try #require(entries == found.count, "\(context): \(entries) answers, of which \(found.count) have questions")
        return found
    }
}

/// A directory that is removed with the last reference to it.
final class CrashDirectory {
    let path = FileManager.default.temporaryDirectory.appending(path: "semcache-crash-\(UUID().uuidString)").path

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// SplitMix64, for repeatable kills.
private struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

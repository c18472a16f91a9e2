import SemanticCaching
import Testing

@testable import RedisTier

/// Orders of events that happen once in a thousand times, made to happen.
@Suite(.timeLimit(.minutes(2))) struct RaceTests {
    private static let key = Digest256(hashing: [1])

    /// Of no time at all, the alarm may ring before its waiter is known; nobody would wake that any more.
    @Test func anAlarmThatRingsAtOnceFindsItsWaiter() async {
        let waiters = KeyWaiters()
        let woken = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<250 { await waiters.wait(for: Self.key, atMost: .zero) }
                    return 250
                }
            }
            return await group.reduce(0, +)
        }
        #expect(woken == 2_000)
    }

    @Test func aWaiterIsWokenByItsAnswerAndByItsCancellation() async {
        let waiters = KeyWaiters()
        // It may not wait yet: it is woken until it has been.
        let answer = Task {
            while !Task.isCancelled {
                waiters.wake(Self.key.hexadecimalPrefix)
                await Task.yield()
            }
        }
        await waiters.wait(for: Self.key, atMost: .seconds(3_600))
        answer.cancel()
        let cancelled = Task {
            await waiters.wait(for: Self.key, atMost: .seconds(3_600))
            return Task.isCancelled
        }
        cancelled.cancel()
        #expect(await cancelled.value)
    }

    // MARK: - Answers that come while they are looked for

    private struct Behind: Error {}

    private func answers(_ count: UInt64) -> [EntryID: SharedEntry] {
        let all = (1...count).map { number in
            SharedEntry(
                entry: CacheEntry(
                    id: EntryID(high: number, low: 1),
                    namespace: NamespaceID(name: "faq"),
                    model: "m",
                    reply: CachedReply(text: "\(number)"),
                    createdAt: Timestamp(milliseconds: 1)
                ),
                questions: []
            )
        }
        return Dictionary(uniqueKeysWithValues: all.map { ($0.entry.id, $0) })
    }

    /// The connection for changes may lead to the new primary while that for answers leads to a replica which gets the
    /// answer right after it was asked for it, and then says that it has everything.
    @Test func anAnswerThatComesBetweenTwoQuestionsIsNotTakenForGone() async throws {
        let answers = answers(3)
        let late = EntryID(high: 2, low: 1)
        var asked: [Set<EntryID>] = []
        var hasCome = false
        let stored = try await RedisSharedTier.stored(Set(answers.keys)) { ids in
            asked.append(Set(ids))
            return ids.filter { hasCome || $0 != late }.compactMap { answers[$0] }
        } confirm: {
            hasCome = true
        }
        #expect(Set(stored.map(\.entry.id)) == Set(answers.keys))
        #expect(stored.count == 3)
        #expect(asked == [Set(answers.keys), [late]], "what was there is not read again")
    }

    @Test func whatIsGoneIsLookedForTwiceAndLeftOut() async throws {
        let answers = answers(3)
        let gone = EntryID(high: 9, low: 1)
        let stored = try await RedisSharedTier.stored(Set(answers.keys).union([gone])) { ids in
            ids.compactMap { answers[$0] }
        } confirm: {
        }
        #expect(Set(stored.map(\.entry.id)) == Set(answers.keys))
    }

    @Test func aServerThatIsBehindSaysNothingOfWhatIsGone() async throws {
        await #expect(throws: Behind.self) {
            _ = try await RedisSharedTier.stored([Self.id]) { _ in
                []
            } confirm: {
                throw Behind()
            }
        }
    }

    private static let id = EntryID(high: 1, low: 1)
}

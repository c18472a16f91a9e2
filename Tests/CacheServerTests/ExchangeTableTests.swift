import SemanticCaching
import Testing

@testable import CacheServer

/// Who may join an exchange, and until when.
@Suite struct ExchangeTableTests {
    private let table = ExchangeTable()
    private let key = Digest256(hashing: Array("key".utf8))

    private func exchange() -> LiveExchange {
        LiveExchange(
            form: WireForm(isStream: false, includesUsage: false),
            completesAbandoned: false,
            maximumBytes: 1_000
        )
    }

    @Test func whoComesWhileItRunsJoins() throws {
        let leader = try #require(table.board(key, make: exchange))
        let follower = try #require(table.board(key) { nil })
        #expect(leader.isLeader && !follower.isLeader)
        #expect(follower.membership.exchange === leader.membership.exchange)
        // Their places are given up with them.
        withExtendedLifetime((leader, follower)) { #expect(table.isRunning(key) && table.followerCount == 2) }
    }

    /// The answer is in the hands of its first caller before the exchange is out of the table.
    @Test func whoComesBehindAnAnswerThatIsNotKeptBeginsAnew() throws {
        let leader = try #require(table.board(key, make: exchange))
        leader.membership.exchange.end(reply: nil)
        #expect(!table.isRunning(key))
        #expect(try #require(table.board(key, make: exchange)).isLeader)
    }

    @Test func whoComesBehindAFailureBeginsAnew() throws {
        for isLate in [false, true] {
            let leader = try #require(table.board(key, make: exchange))
            #expect(leader.isLeader)
            if isLate {
                leader.membership.exchange.giveUp(CancellationError())
            } else {
                leader.membership.exchange.fail(CancellationError())
            }
        }
        #expect(try #require(table.board(key, make: exchange)).isLeader)
    }

    @Test func whoComesWhileItIsStoredJoinsAndBehindThatDoesNot() throws {
        let leader = try #require(table.board(key, make: exchange))
        let reply = CachedReply(text: "Yes.")
        leader.membership.exchange.end(reply: reply)
        #expect(try #require(table.board(key, make: exchange)).isLeader == false)
        leader.membership.exchange.settle(.init(reply: reply, entry: nil))
        let next = try #require(table.board(key, make: exchange))
        #expect(next.isLeader)
        // The first goes out of the table behind that: the next stays in it.
        table.remove(key, leader.membership.exchange)
        #expect(table.isRunning(key))
        table.remove(key, next.membership.exchange)
        #expect(!table.isRunning(key))
    }

    @Test func nobodyBeginsWhatIsNotNeededAnyMore() {
        #expect(table.board(key, make: { nil }) == nil)
        #expect(table.count == 0)
    }
}

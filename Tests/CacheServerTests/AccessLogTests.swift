import Foundation
import SemanticCaching
import StrictJSON
import Synchronization
import TestSupport
import Testing

@testable import CacheServer

/// The access log never makes a request wait for who reads it.
@Suite struct AccessLogTests {
    @Test(.timeLimit(.minutes(5))) func whoWritesLinesNeverWaitsAndThoseThatArriveAreWhole() async throws {
        let pipe = try Self.makePipe()
        let dropped = Dropped()
        let queue = LineQueue(descriptor: pipe.writing, maximumBytes: 32 << 10) {
            dropped.count.add($0, ordering: .relaxed)
        }
        let lines = (0..<20_000).map { "line \($0) \(String(repeating: "x", count: $0 % 50))" }
        // Nobody reads yet: the pipe is full long before the last line.
        for line in lines { queue.append(line) }
        async let read = onOwnThread { Self.readToEnd(pipe.reading) }
        await queue.drained()
        close(pipe.writing)
        let arrived = await read.split(separator: "\n").map(String.init)
        let lost = dropped.count.load(ordering: .relaxed)
        #expect(lost > 0)
        #expect(arrived.count + lost == lines.count)
        var rest = lines[...]
        for line in arrived {
            let place = try #require(rest.firstIndex(of: line), "\(line) is not whole, or out of order")
            rest = rest[(place + 1)...]
        }
    }

    @Test(.timeLimit(.minutes(5))) func aReaderWhoStallsStopsNobody() async throws {
        signal(SIGPIPE, SIG_IGN)
        let pipe = try Self.makePipe()
        Self.fill(pipe.writing)
        try await Rig.run(.init(accessDescriptor: pipe.writing)) { (rig: Rig) async throws in
            #expect(try await rig.chat("a")["x-semcache"] == "MISS")
            for _ in 0..<3 { #expect(try await rig.chat("a")["x-semcache"] == "HIT") }
        }
        // The writer is let go.
        close(pipe.reading)
    }

    @Test func linesThatAreNotWrittenAreCounted() async throws {
        try await Rig.run(.init(accessDescriptor: -1)) { (rig: Rig) async throws in
            _ = try await rig.chat("a")
            try await rig.until {
                try await rig.admin("GET", "/metrics").text.contains("\nsemcache_access_log_dropped_total 1\n")
            }
        }
    }

    @Test func theLogHasTheIdThatTheAnswerHas() async throws {
        try await Rig.run { (rig: Rig) async throws in
            let own = try await rig.chat("a", model: "tagged", [("x-request-id", "mine")])
            let upstreams = try await rig.chat("b", model: "tagged")
            let made = try await rig.chat("b", model: "tagged")
            #expect(own["x-request-id"] == "mine")
            #expect(upstreams["x-request-id"] == "upstream-1")
            try await rig.until { rig.log.all.count == 3 }
            let logged = try rig.log.all.map { try JSONValue(parsing: $0.utf8)["id"]?.stringValue }
            #expect(logged == [own, upstreams, made].map { $0["x-request-id"] })
        }
    }

    private final class Dropped: Sendable {
        let count = Atomic<Int>(0)
    }

    private static func makePipe() throws -> (reading: Int32, writing: Int32) {
        var ends: [Int32] = [0, 0]
        let status = pipe(&ends)
        try #require(status == 0)
        return (ends[0], ends[1])
    }

    /// The text that comes until the other end is closed.
    private static func readToEnd(_ descriptor: Int32) -> String {
        var all: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while case let count = read(descriptor, &buffer, buffer.count), count > 0 { all += buffer[..<count] }
        close(descriptor)
        return String(decoding: all, as: UTF8.self)
    }

    /// Fills a pipe to its last byte.
    private static func fill(_ descriptor: Int32) {
        let flags = fcntl(descriptor, F_GETFL)
        _ = fcntl(descriptor, F_SETFL, flags | O_NONBLOCK)
        let bytes = [UInt8](repeating: 0x20, count: 4_096)
        while write(descriptor, bytes, bytes.count) > 0 {}
        while write(descriptor, bytes, 1) > 0 {}
        _ = fcntl(descriptor, F_SETFL, flags)
    }
}

@Suite struct PendingStoresTests {
    @Test func aShutdownWaitsForWhatIsBeingStored() async {
        let stores = PendingStores()
        await stores.drained()
        stores.begin()
        stores.begin()
        let events = Rig.LogLines()
        await withTaskGroup { group in
            group.addTask {
                await stores.drained()
                events.append("drained")
            }
            group.addTask {
                for event in ["first", "second"] {
                    await Task.yield()
                    events.append(event)
                    stores.end()
                }
            }
        }
        #expect(events.all == ["first", "second", "drained"])
    }
}

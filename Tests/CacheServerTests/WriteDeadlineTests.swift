import Embeddings
import NIOCore
import NIOEmbedded
import Testing

@testable import CacheServer

/// Who does not read what is written to him loses his connection.
@Suite struct WriteDeadlineTests {
    private struct NoConnection: Error {}

    /// A pipeline with the handler alone, whose alarms never go off by themselves.
    private final class Pipeline {
        let channel = EmbeddedChannel()
        let wheel = DeadlineWheel()

        init() throws {
            let handler = WriteDeadline(limit: .seconds(86_400), wheel: wheel)
            try channel.pipeline.syncOperations.addHandler(handler)
            try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        }

        func write(_ count: Int) { channel.write(ByteBuffer(repeating: 0, count: count), promise: nil) }

        func become(writable: Bool) {
            channel.isWritable = writable
            channel.pipeline.fireChannelWritabilityChanged()
        }

        /// Lets an alarm go off.
        func look(_ number: Int) { channel.pipeline.fireUserInboundEventTriggered(WriteDeadline.Look(number: number)) }

        deinit { _ = try? channel.finish(acceptAlreadyClosed: true) }
    }

    @Test func whatDoesNotGoEndsTheConnection() throws {
        let pipeline = try Pipeline()
        pipeline.write(100)
        #expect(pipeline.wheel.count == 0, "nothing waits for the caller")
        pipeline.become(writable: false)
        #expect(pipeline.wheel.count == 1)
        pipeline.look(1)
        #expect(!pipeline.channel.isActive)
        #expect(pipeline.wheel.count == 0)
    }

    @Test func whoReadsSlowlyIsWaitedFor() throws {
        let pipeline = try Pipeline()
        pipeline.write(100)
        pipeline.become(writable: false)
        for number in 1...5 {
            pipeline.channel.flush()
            pipeline.write(100 - number)
            pipeline.look(number)
            #expect(pipeline.channel.isActive)
            #expect(pipeline.wheel.count == 1)
        }
        pipeline.look(6)
        #expect(!pipeline.channel.isActive)
    }

    @Test func anAlarmThatWasTakenBackDoesNothing() throws {
        let pipeline = try Pipeline()
        pipeline.write(100)
        pipeline.become(writable: false)
        pipeline.become(writable: true)
        #expect(pipeline.wheel.count == 0)
        pipeline.look(1)
        #expect(pipeline.channel.isActive)
        pipeline.become(writable: false)
        pipeline.look(1)
        #expect(pipeline.channel.isActive, "it is the first alarm's, and not the second's")
        pipeline.look(2)
        #expect(!pipeline.channel.isActive)
    }

    @Test func theEndOfAConnectionLeavesNoAlarm() throws {
        let pipeline = try Pipeline()
        pipeline.write(100)
        pipeline.become(writable: false)
        pipeline.channel.close(promise: nil)
        pipeline.channel.embeddedEventLoop.run()
        #expect(pipeline.wheel.count == 0)
    }

    @Test(.timeLimit(.minutes(5))) func whoReadsNothingGivesHisPlaceUp() async throws {
        try await Rig.run(.init(server: { $0.limits.idleTimeout = .seconds(1) })) { (rig: Rig) async throws in
            guard let connection = RawConnection(port: rig.port, receiveBytes: 4_096) else { throw NoConnection() }
            connection.send("GET /v1/torrent HTTP/1.1\r\nHost: h\r\n\r\n")
            try await rig.until { rig.stub.calls.count == 1 }
            // A connection of the asking client may end for being idle too; then it asks again.
            try await rig.until { await rig.requestsInFlight == 0 }
            #expect(await connection.everything().utf8.count < StubModel.torrentBytes)
        }
    }
}

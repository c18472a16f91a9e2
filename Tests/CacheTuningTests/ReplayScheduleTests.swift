import CacheTuning
import Testing

@Suite struct ReplayScheduleTests {
    private static let timed = [30.0, 10, 20].map { (time: Double) in
        StreamQuery(text: "at \(time)", group: 0, time: time)
    }
    private static let timeless = (0..<50).map { StreamQuery(text: "\($0)", group: 0) }

    @Test func timesOrderWhatHasThem() throws {
        let schedule = try ReplaySchedule(Self.timed)
        #expect(schedule.order == .time)
        #expect(schedule.rows == [1, 2, 0])
        #expect(schedule.arrivals == [0, 10, 20])
        #expect(schedule.hasTimes)
    }

    @Test func anotherOrderKeepsTheMomentsOfArrival() throws {
        let schedule = try ReplaySchedule(Self.timed, order: .given)
        #expect(schedule.rows == [0, 1, 2])
        #expect(schedule.arrivals == [0, 10, 20])
    }

    @Test func withoutTimesTheOrderIsRandomByItsSeed() throws {
        let schedule = try ReplaySchedule(Self.timeless, seed: 4, interval: 2)
        #expect(schedule.order == .random)
        #expect(schedule.rows != Array(0..<50) && schedule.rows.sorted() == Array(0..<50))
        #expect(schedule.rows == (try ReplaySchedule(Self.timeless, seed: 4).rows))
        #expect(schedule.rows != (try ReplaySchedule(Self.timeless, seed: 5).rows))
        #expect(schedule.arrivals.prefix(3) == [0, 2, 4])
        #expect(!schedule.hasTimes)
    }

    @Test func theOrderOfArrivalNeedsAllTimes() throws {
        var queries = Self.timed
        queries[1].time = nil
        #expect(throws: TuningError.missingTimes(rows: 1)) { try ReplaySchedule(queries, order: .time) }
        #expect(try ReplaySchedule(queries).order == .random)
    }

    @Test func aTraceTellsTokensRepliesAndNamespaces() throws {
        let rows: [[String: String]] = [
            ["text": "a", "group": "x", "tokens": "12", "reply": "Yes.", "namespace": "faq", "time": "1.5"],
            ["text": "b", "group": "x", "usage": #"{"prompt_tokens": 3, "completion_tokens": 4}"#, "time": "nan"],
            ["text": "c", "group": "y", "usage": #"{"total_tokens": 9}"#, "response": "No."],
            ["text": "d", "group": "y", "input_tokens": "5", "output_tokens": "6", "namespace": ""],
            ["text": "e", "group": "z", "tokens": "-4", "usage": "none"],
        ]
        let queries = try StreamReader.queries(of: rows)
        #expect(queries.map(\.tokens) == [12, 7, 9, 11, nil])
        #expect(queries.map(\.reply) == ["Yes.", nil, "No.", nil, nil])
        #expect(queries.map(\.namespace) == ["faq", nil, nil, nil, nil])
        #expect(queries.map(\.time) == [1.5, nil, nil, nil, nil])
    }
}

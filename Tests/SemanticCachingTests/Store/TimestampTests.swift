import SemanticCaching
import Testing

@Suite struct TimestampTests {
    @Test func timesAreWrittenInUTC() {
        #expect(Timestamp(milliseconds: 0).iso8601 == "1970-01-01T00:00:00Z")
        #expect(Timestamp(milliseconds: 1_795_241_437_999).iso8601 == "2026-11-21T06:10:37Z")
    }

    @Test func theEndsOfTimeAreWrittenToo() {
        for time in [Timestamp(milliseconds: .min), Timestamp(milliseconds: .max)] {
            #expect(!time.iso8601.isEmpty)
        }
    }
}

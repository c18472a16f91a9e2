import CacheTuning
import Testing

@Suite struct TimeReaderTests {
    private static func time(_ text: String) throws -> Double? {
        try StreamReader.queries(of: [["text": "a", "group": "x", "time": text]])[0].time
    }

    @Test(arguments: [
        ("12.5", 12.5), ("-3", -3), ("1e3", 1000),
        ("1970-01-01", 0), ("1970-01-01T00:00:00Z", 0), ("1969-12-31T23:59:59Z", -1),
        ("2000-02-29T12:00:00Z", 951_825_600), ("2026-11-21T09:07:14Z", 1_795_252_034),
        ("2026-11-21T09:07:14.250Z", 1_795_252_034.25), ("2026-11-21 09:07", 1_795_252_020),
        ("2026-11-21T10:07:14+01:00", 1_795_252_034), ("2026-11-21T03:37:14-0530", 1_795_252_034),
        ("2026-11-21t11:07:14+02", 1_795_252_034),
    ])
    func momentsAreSecondsOrISO8601(text: String, seconds: Double) throws {
        #expect(try Self.time(text) == seconds)
    }

    @Test(arguments: [
        "", "yesterday", "nan", "inf", "2026-13-01", "2026-02-29", "1900-02-29", "2026-11-21T", "2026-11-21T24:00",
        "2026-11-21T09:60Z", "2026-11-21T09:00:00.Z", "2026-11-21T09:00Zulu", "2026-11-21T09:00+1",
        "2026-11-21T09:00+01:",
        "26-11-21", "2026-11-2١",
    ])
    func anythingElseIsNoMoment(text: String) throws {
        #expect(try Self.time(text) == nil)
    }

    @Test func pairsAreSplitByTheSameMoments() throws {
        let rows = [["a": "x", "b": "y", "label": "1", "time": "1970-01-02T00:00:00Z"]]
        #expect(try PairReader.pairs(of: rows)[0].time == 86_400)
    }
}

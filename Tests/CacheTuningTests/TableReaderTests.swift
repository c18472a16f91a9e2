import CacheTuning
import Testing

@Suite struct TableReaderTests {
    @Test func readsQuotedFieldsAcrossLines() throws {
        let rows = try TableReader.rows(of: Array("a,b,label\r\n\"x, \"\"y\"\"\nz\",w,1\r\n".utf8))
        #expect(rows == [["a": "x, \"y\"\nz", "b": "w", "label": "1"]])
    }

    @Test func namesTheLineOfAFault() {
        #expect(throws: TuningError.malformed(line: 3, reason: "1 fields instead of 2")) {
            try TableReader.rows(of: Array("a,b\n1,2\n3\n".utf8))
        }
        #expect(throws: TuningError.self) { try TableReader.rows(of: Array("a,b\n\"x,2\n".utf8)) }
    }

    @Test func readsJSONLinesAndArrays() throws {
        #expect(try TableReader.rows(of: Array("{\"a\":\"x\",\"label\":true}\n\n{\"a\":\"y\"}".utf8)).count == 2)
        #expect(try TableReader.rows(of: Array("[{\"a\":\"x\",\"n\":2}]".utf8)) == [["a": "x", "n": "2"]])
    }

    @Test(arguments: [
        "a,b,label\nx,y,1\n", "question1,question2,is_duplicate\nx,y,1\n",
        "{\"origin\":\"x\",\"similar\":\"y\",\"id\":3}",
        "[{\"query\":\"x\",\"query_match\":\"y\"},{\"query\":\"z\",\"query_match\":\"\"}]",
        "prompt,cached_prompt,should_hit\nx,y,true\n",
    ])
    func readsThePeersSpellings(_ text: String) throws {
        #expect(
            try PairReader.pairs(of: TableReader.rows(of: Array(text.utf8))) == [LabelledPair("x", "y", isMatch: true)]
        )
    }

    @Test func refusesPairsWithoutLabels() throws {
        let rows = try TableReader.rows(of: Array("a,b\nx,y\n".utf8))
        #expect(throws: TuningError.missingColumns(found: ["a", "b"], needed: "a label")) {
            try PairReader.pairs(of: rows)
        }
    }

    /// JSON leaves out what a row does not have.
    @Test func theFirstRowDoesNotDecideWhatTheOthersHave() throws {
        let lines = """
            {"text": "w"}
            {"text": "x", "group": "i", "time": 0.5}
            {"text": "y", "group": "j", "ts": "1"}
            """
        let queries = try StreamReader.queries(of: TableReader.rows(of: Array(lines.utf8)))
        #expect(queries.map(\.text) == ["x", "y"])
        #expect(queries.map(\.time) == [0.5, 1])
    }

    @Test func numbersGroupsInOrderOfAppearance() throws {
        let rows = try TableReader.rows(of: Array("text,intent,time\nx,i,0.5\ny,j,1\nz,i,2\n".utf8))
        let queries = try StreamReader.queries(of: rows)
        #expect(queries.map(\.group) == [0, 1, 0])
        #expect(queries.map(\.time) == [0.5, 1, 2])
    }
}

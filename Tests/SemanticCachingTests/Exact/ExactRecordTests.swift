import SemanticCaching
import SemanticCachingTesting
import Testing

/// What the exact tier compares besides the key, so that a collision of keys is a miss.
@Suite struct ExactRecordTests {
    private func key(_ text: String) -> RequestKey {
        let request = CacheRequest(messages: [.system("Be brief."), .user(text)], scope: CacheFixture.scope)
        return RequestKey(request, namespace: request.scope.namespace)
    }

    private func record(_ key: RequestKey) -> ExactRecord {
        var generator = SeededGenerator(seed: 1)
        let now = Timestamp(milliseconds: 0)
        let entry = CacheEntry(
            id: EntryID(at: now, using: &generator),
            namespace: CacheFixture.scope.namespace,
            model: "m",
            reply: CachedReply(text: "that"),
            createdAt: now
        )
        return ExactRecord(entry: entry, key: key)
    }

    @Test(arguments: [10, 900, 1_100, 40_000]) func anyOtherCharacterIsAnotherRequest(length: Int) {
        let text = String(repeating: "x", count: length)
        let record = record(key(text))
        #expect(record.answers(key(text)))
        for place in Set([0, length / 2, length - 1]) {
            var characters = Array(text)
            characters[place] = "y"
            #expect(!record.answers(key(String(characters))))
        }
        #expect(!record.answers(key(text + "x")))
        #expect(!record.answers(key(String(text.dropLast()))))
    }

    @Test func aLongRequestIsKeptByATag() {
        // Its bytes are not kept beside it.
        #expect(record(key(String(repeating: "x", count: 40_000))).overheadBytes < 200)
    }
}

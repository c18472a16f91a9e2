import SemanticCaching
import StrictJSON
import Testing

@Suite struct KeyExplanationTests {
    private let base = CacheRequest("Hello?", scope: CacheScope(model: "m"))

    @Test func equalRequestsHaveNoDifference() {
        #expect(KeyExplanation(base, base).differences.isEmpty)
        #expect(KeyExplanation(base, base).shareKey)
    }

    @Test func namesWhatDiffers() {
        var other = base
        other.parameters["temperature"] = 0.7
        other.parameters["response_format"] = ["type": "json_schema", "schema": ["a": 1]]
        other.messages[0] = .user("Hello!")
        let explanation = KeyExplanation(base, other)
        #expect(!explanation.shareKey)
        #expect(
            explanation.differences.map(\.path) == [
                "messages[0].content", "parameters.response_format.schema.a", "parameters.response_format.type",
                "parameters.temperature",
            ]
        )
        #expect(explanation.differences[3].second == "7e-1")
        #expect(explanation.differences[3].first == nil)
    }

    @Test func valuesOfAnotherTypeDiffer() {
        var (number, text) = (base, base)
        number.parameters["seed"] = 1
        text.parameters["seed"] = "1"
        let explanation = KeyExplanation(number, text)
        #expect(!explanation.shareKey)
        #expect(explanation.differences.map(\.second) == [#""1""#])
    }

    @Test func differencesOutsideTheKeyAreShownWithoutEffect() {
        var other = base
        other.parameters["user"] = "somebody"
        let explanation = KeyExplanation(base, other)
        #expect(explanation.shareKey)
        #expect(explanation.differences.map(\.isKeyed) == [false])
    }

    @Test func agreesWithTheKeys() {
        let requests = [
            base, CacheRequest("Hello", scope: CacheScope(model: "m")),
            CacheRequest("Hello?", scope: CacheScope(tenant: "t", model: "m")),
            CacheRequest(messages: [.system("x"), .user("Hello?")], scope: CacheScope(model: "m")),
        ]
        for first in requests {
            for second in requests {
                let keys = [first, second].map {
                    RequestKey($0, namespace: $0.scope.namespace).exact
                }
                #expect(KeyExplanation(first, second).shareKey == (keys[0] == keys[1]))
            }
        }
    }
}

internal import StrictJSON

/// Why two requests share a key, or why they do not.
///
///     KeyExplanation(first, second).differences  // [temperature: 0 | 0.7]
public struct KeyExplanation: Hashable, Sendable {
    /// One place at which the requests differ.
    public struct Difference: Hashable, Sendable {
        /// The place, such as `parameters.temperature` or `messages[2].content`.
        public let path: String
        /// What stands there in the first request, in its canonical form; nil for nothing.
        public let first: String?
        /// What stands there in the second request.
        public let second: String?
        /// Whether the place is part of the key; a difference elsewhere is without effect.
        public let isKeyed: Bool
    }

    /// Where the requests differ, in the order of the key.
    public let differences: [Difference]

    /// Whether the requests have the same key.
    public let shareKey: Bool

    /// Compares two requests place by place.
    ///
    /// - Complexity: O(*n*) for *n* bytes of both requests.
    public init(_ first: CacheRequest, _ second: CacheRequest) {
        // The keys themselves: two values can look the same here, or differ in a way that the key does not see.
        shareKey =
            RequestKey(first, namespace: first.scope.namespace).exact
            == RequestKey(second, namespace: second.scope.namespace).exact
        let left = Self.places(of: first)
        let right = Self.places(of: second)
        let rightByPath = Dictionary(right.map { ($0.path, $0) }, uniquingKeysWith: { $1 })
        let leftPaths = Set(left.map(\.path))
        var differences: [Difference] = []
        for place in left {
            let other = rightByPath[place.path]
            guard other?.value != place.value || other?.isKeyed != place.isKeyed else { continue }
            let isKeyed = place.isKeyed || other?.isKeyed == true
            differences.append(
                Difference(path: place.path, first: place.value, second: other?.value, isKeyed: isKeyed)
            )
        }
        for place in right where !leftPaths.contains(place.path) {
            differences.append(Difference(path: place.path, first: nil, second: place.value, isKeyed: place.isKeyed))
        }
        self.differences = differences
    }

    private struct Place {
        let path: String
        let value: String
        var isKeyed = true
    }

    private static func places(of request: CacheRequest) -> [Place] {
        var places = [
            Place(path: "scope.tenant", value: request.scope.namespace.tenant),
            Place(path: "scope.namespace", value: request.scope.namespace.name),
            Place(path: "scope.model", value: request.scope.model),
            Place(path: "scope.promptVersion", value: request.scope.promptVersion),
        ]
        for member in request.parameters.fields.membersSortedByKey {
            let path = "parameters.\(member.key)"
            append(member.value, path: path, isKeyed: KeyRules.isKeyed(member), to: &places)
        }
        for (index, message) in request.messages.enumerated() {
            let path = "messages[\(index)]"
            places.append(Place(path: "\(path).role", value: message.role.rawValue))
            append(message.content, path: "\(path).content", to: &places)
            for member in message.extra.membersSortedByKey where !member.value.isNull {
                append(member.value, path: "\(path).\(member.key)", isKeyed: true, to: &places)
            }
        }
        return places
    }

    private static func append(_ content: ChatContent?, path: String, to places: inout [Place]) {
        switch content {
        case nil: break
        case .text(let text)?: places.append(Place(path: path, value: text))
        case .parts(let parts)?:
            let isPlain = parts.count == 1 && parts[0].isText
            for (index, part) in parts.enumerated() {
                let value =
                    switch part {
                    case .text(let text): text
                    case .data(let mediaType, let digest): "\(mediaType) \(digest)"
                    case .other(let value): value.serializedText
                    }
                places.append(Place(path: isPlain ? path : "\(path)[\(index)]", value: value))
            }
        }
    }

    private static func append(_ value: JSONValue, path: String, isKeyed: Bool, to places: inout [Place]) {
        switch value {
        case .object(let object) where !object.isEmpty && isKeyed:
            for member in object.membersSortedByKey {
                append(member.value, path: "\(path).\(member.key)", isKeyed: isKeyed, to: &places)
            }
        case .array(let elements) where !elements.isEmpty && isKeyed:
            for (index, element) in elements.enumerated() {
                append(element, path: "\(path)[\(index)]", isKeyed: isKeyed, to: &places)
            }
        case .number(let number): places.append(Place(path: path, value: number.canonicalText, isKeyed: isKeyed))
        // A string keeps its quotes: "1" is another value than 1.
        default: places.append(Place(path: path, value: value.serializedText, isKeyed: isKeyed))
        }
    }
}

/// The members of a JSON object, in the order they were written; equal to another with the same members in any order.
///
///     var body: JSONObject = ["model": "m", "n": 1]
///     body["n"] = nil
///
/// Requests have a handful of members, so a lookup scans; the parser refuses objects with duplicate keys.
public struct JSONObject: Sendable {
    /// One member.
    public struct Member: Hashable, Sendable {
        /// The member's name.
        public var key: String
        /// The member's value.
        public var value: JSONValue

        /// Creates a member.
        public init(key: String, value: JSONValue) {
            self.key = key
            self.value = value
        }
    }

    /// The members in written order, with distinct keys.
    public private(set) var members: [Member]

    /// Creates an object with no members.
    public init() { members = [] }

    init(distinctMembers members: [Member]) { self.members = members }

    /// The number of members.
    public var count: Int { members.count }

    /// Whether there are no members.
    public var isEmpty: Bool { members.isEmpty }

    /// The value of a member, nil when there is none; setting nil removes the member, setting a value keeps its place.
    ///
    /// - Complexity: O(*m*) for *m* members.
    public subscript(key: String) -> JSONValue? {
        get { members.first { $0.key == key }?.value }
        set {
            let index = members.firstIndex { $0.key == key }
            switch (index, newValue) {
            case (let index?, let value?): members[index].value = value
            case (let index?, nil): members.remove(at: index)
            case (nil, let value?): members.append(Member(key: key, value: value))
            case (nil, nil): break
            }
        }
    }

    /// The members ordered by the UTF-8 bytes of their keys, as canonical forms need them.
    public var membersSortedByKey: [Member] {
        members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    }
}

extension JSONObject: Hashable {
    /// Two objects are equal when they have the same members, in whatever order.
    public static func == (left: JSONObject, right: JSONObject) -> Bool {
        left.count == right.count && left.membersSortedByKey == right.membersSortedByKey
    }

    /// Hashes the members in the order of their keys.
    public func hash(into hasher: inout Hasher) { hasher.combine(membersSortedByKey) }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    /// Creates an object from a literal; a key that is written twice keeps its last value.
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self.init()
        for (key, value) in elements { self[key] = value }
    }
}

/// Asks for the answer to a request and its wording without a script: `SORT` of one element, which it replaces by fields of
/// the answer that the element names.
///
///     SORT semcache:{digest}:k:KEY BY nosort GET semcache:{digest}:e:*->a GET semcache:{digest}:e:*->qKEY
///
/// No other plain command follows a name to another key. A script passes the values through Lua, which costs the server five
/// microseconds; this costs it one. Some servers do not allow it: a Cluster before Redis 7.4, one that is full (they take it
/// for a command that might write), one whose account does not see all keys. There the script `match` does the same.
enum LookupCommand {
    static func command(question: String, field: String, in keys: KeySpace) -> RedisCommand {
        let answer = keys.prefix + "e:*->"
        return RedisCommand(
            "SORT",
            [question, "BY", "nosort", "GET", answer + "a", "GET", answer + field],
            key: question,
            label: Scripts.match.name
        )
    }

    /// When it is tried again with a server that refused it; pure.
    struct Permission: Sendable {
        private static let firstPause: Int64 = 1_000_000_000
        private static let longestPause: Int64 = 60_000_000_000

        private var mayTryAt: Int64 = 0
        private var pause = Self.firstPause

        func allows(at now: Int64) -> Bool { now >= mayTryAt }

        mutating func refuse(at now: Int64) {
            mayTryAt = now + pause
            pause = min(2 * pause, Self.longestPause)
        }

        mutating func succeed() { pause = Self.firstPause }
    }
}

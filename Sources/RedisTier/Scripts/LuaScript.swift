internal import Crypto

/// A script that the server runs in one piece: all of it or nothing, and nothing of another client in between.
struct LuaScript: Sendable {
    /// How the script is called in metrics.
    let name: String
    let text: String
    /// SHA-1 of the text, by which the server knows a script it has seen.
    let digest: String

    init(name: String, _ text: String) {
        self.name = name
        self.text = text
        digest = Insecure.SHA1.hash(data: Array(text.utf8)).map { byte in
            String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
        }.joined()
    }

    /// The command that runs the script; all keys lie in one slot.
    ///
    /// - Parameter isKnown: Whether the server is expected to know it; otherwise the text goes along, and it does next time.
    func command(keys: [String], _ arguments: [any RedisArgument], isKnown: Bool = true) -> RedisCommand {
        let all: [any RedisArgument] = [isKnown ? digest : text, keys.count] + keys + arguments
        return RedisCommand(isKnown ? "EVALSHA" : "EVAL", all, key: keys.first, label: name)
    }
}

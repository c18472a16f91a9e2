import Foundation
import SemanticCaching
import StrictJSON

extension CacheEntry {
    /// The answer in the tool's JSON schema; docs/CLI.md describes it.
    func json(questions: [CachedQuestion], use: EntryUse?) -> JSONObject {
        var object: JSONObject = ["id": .string(id.description)]
        object["tenant"] = .string(namespace.tenant)
        object["namespace"] = .string(namespace.name)
        object["model"] = .string(model)
        object["prompt_version"] = .string(promptVersion)
        object["created_at"] = .string(createdAt.iso8601)
        object["expires_at"] = .text(expiresAt?.iso8601)
        object["tags"] = .array(tags.map { .string($0) })
        object["hits"] = .integer(Int(clamping: use?.hits ?? 0))
        object["last_used_at"] = .text(use?.lastUsedAt?.iso8601)
        object["bytes"] = .integer(byteCount(with: questions))
        object["questions"] = .array(questions.map { .string($0.text) })
        object["answer"] = .string(reply.text)
        return object
    }
}

extension Timestamp {
    /// How long ago it was, in one unit, such as `3 h`; `in 3 h` for what is to come.
    func ageText(now: Timestamp) -> String {
        let seconds = (now - self).components.seconds
        let text =
            switch abs(seconds) {
            case ..<120: "\(abs(seconds)) s"
            case ..<7200: "\((abs(seconds) + 30) / 60) min"
            case ..<172_800: "\((abs(seconds) + 1800) / 3600) h"
            default: "\((abs(seconds) + 43_200) / 86_400) d"
            }
        return seconds < 0 ? "in \(text)" : text
    }
}

extension Int {
    /// The number with what it counts, such as `1 answer` and `2 answers`.
    func counted(_ noun: String) -> String { self == 1 ? "1 \(noun)" : "\(self) \(noun)s" }

    /// A number of bytes in the unit that suits it, such as `3.2 MiB`.
    var byteText: String {
        switch self {
        case ..<1024: "\(self) B"
        case ..<(1 << 20): "\((Double(self) / 1024).formatted(decimals: 1)) KiB"
        case ..<(1 << 30): "\((Double(self) / 0x1p20).formatted(decimals: 1)) MiB"
        default: "\((Double(self) / 0x1p30).formatted(decimals: 2)) GiB"
        }
    }
}

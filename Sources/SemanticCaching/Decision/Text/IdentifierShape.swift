/// The shapes of addresses and code, told from a stretch of text without blanks.
enum IdentifierShape: Sendable {
    case email
    case url
    /// Code, paths, flags: where a capital is another letter.
    case code
    /// Letters and digits: order numbers, models, tickets.
    case name

    private static let domains: Set<UInt64> = Set(
        ["com", "org", "net", "io", "cn", "edu", "gov", "dev", "ai", "co", "uk", "de", "fr", "jp", "info", "app"].map {
            TokenHash.hash($0)
        }
    )
    private static let extensions: Set<UInt64> = Set(
        [
            "py", "js", "ts", "swift", "java", "c", "h", "cpp", "rs", "go", "rb", "sh", "txt", "json", "yaml", "yml",
            "xml", "csv",
            "html", "css", "md", "pdf", "zip", "gz", "exe", "dll", "so", "sql", "php", "log", "cfg", "toml", "ini",
            "docx", "xlsx",
        ].map { TokenHash.hash($0) }
    )

    /// The shape of a stretch, or nil if it is words or numbers.
    init?(_ scalars: ArraySlice<UInt32>) {
        guard scalars.count > 2, let first = scalars.first else { return nil }
        var dot: Int?
        var lastDot: Int?
        var slashes = 0
        var previous: UInt32 = 0
        for (position, scalar) in zip(scalars.indices, scalars) {
            switch scalar {
            case 0x40 where position > scalars.startIndex && scalars[position...].contains(0x2E):
                self = .email
                return
            case 0x2F where previous == 0x2F && position > scalars.startIndex + 1 && scalars[position - 2] == 0x3A:
                self = .url
                return
            case 0x5F where position > scalars.startIndex, 0x60, 0x5C:
                self = .code
                return
            case 0x3A where previous == 0x3A, 0x3E where previous == 0x2D, 0x29 where previous == 0x28:
                self = .code
                return
            case 0x2F: slashes += 1
            case 0x2E:
                dot = slashes > 0 ? dot : position
                lastDot = position
            default: break
            }
            previous = scalar
        }
        if first == 0x2D, scalars[scalars.startIndex + 1] == 0x2D {
            self = .code
        } else if Self.isPath(scalars, slashes, lastDot) {
            self = .code
        } else if let dot, dot > scalars.startIndex, TextScanner.isLetter(scalars[dot - 1]) {
            let tail = scalars[(dot + 1)...].prefix { TextScanner.isLetter($0) || TextScanner.isDigit($0) }
            let hash = TokenHash.hash(tail)
            if Self.domains.contains(hash) {
                self = .url
            } else if slashes == 0, dot + 1 + tail.count == scalars.endIndex, Self.extensions.contains(hash) {
                self = .code
            } else {
                return nil
            }
        } else {
            return nil
        }
    }

    /// `/home/a`, `/notes.txt`, `src/a.swift`; not `and/or`.
    private static func isPath(_ scalars: ArraySlice<UInt32>, _ slashes: Int, _ lastDot: Int?) -> Bool {
        guard slashes > 0 else { return false }
        let isRooted = scalars.first == 0x2F && scalars.dropFirst().first.map(TextScanner.isLetter) == true
        if isRooted, slashes > 1 || lastDot != nil { return true }
        return lastDot.map { extensions.contains(TokenHash.hash(scalars[($0 + 1)...])) } ?? false
    }
}

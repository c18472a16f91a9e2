/// A pattern over names of namespaces: `*` stands for any characters, `?` for one; a name's ancestors count as well.
///
///     NamespacePattern("faq/*").matches("faq/returns")  // true
///     NamespacePattern("faq").matches("faq/returns")    // true: a child inherits from its parent
public struct NamespacePattern: Hashable, Sendable {
    /// The pattern as it was written.
    public let text: String

    /// Creates a pattern.
    public init(_ text: String) { self.text = text }

    /// Whether the name, or one of its ancestors along `/`, fits the pattern.
    ///
    /// - Complexity: O(*p* · *n*) for a pattern of *p* and a name of *n* bytes, without backtracking over more than the
    ///   last `*`.
    public func matches(_ name: String) -> Bool {
        let bytes = Array(name.utf8)
        let pattern = Array(text.utf8)
        var end = bytes.count
        while true {
            if Self.fits(bytes[..<end], pattern) { return true }
            guard let slash = bytes[..<end].lastIndex(of: UInt8(ascii: "/")) else { return false }
            end = slash
        }
    }

    /// The more characters a pattern fixes, the later it is applied: the specific overrides the general.
    var specificity: Int { text.utf8.count { $0 != UInt8(ascii: "*") && $0 != UInt8(ascii: "?") } }

    private static func fits(_ name: ArraySlice<UInt8>, _ pattern: [UInt8]) -> Bool {
        var position = name.startIndex
        var index = 0
        var retry: (index: Int, position: Int)?
        while position < name.endIndex {
            if index < pattern.count, pattern[index] == UInt8(ascii: "*") {
                retry = (index + 1, position)
                index += 1
            } else if index < pattern.count, pattern[index] == UInt8(ascii: "?") || pattern[index] == name[position] {
                index += 1
                position += 1
            } else if let last = retry {
                // The last star takes one character more; earlier ones need not, as it can take theirs.
                retry = (last.index, last.position + 1)
                (index, position) = (last.index, last.position + 1)
            } else {
                return false
            }
        }
        return pattern[index...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}

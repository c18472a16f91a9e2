/// Where a prompt stopped being the continuation of the one before it, and why.
public struct PrefixBreak: Hashable, Sendable, CustomStringConvertible {
    /// What changed at that place.
    public enum Cause: String, Hashable, Sendable {
        /// A date or a time of day.
        case timestamp
        /// A random or running identifier.
        case identifier
        /// A number.
        case number
        /// White space only.
        case whitespace
        /// Tools were added, removed or changed.
        case tools
        /// Something was left out, or put before what was there.
        case structure
        /// Words.
        case text
    }

    /// The offset of the first byte that differs.
    public let offset: Int
    /// The part in which it lies.
    public let section: PromptLayout.Section.Kind
    /// What changed.
    public let cause: Cause
    /// The bytes behind it, which the provider has to read anew.
    public let lostBytes: Int

    /// One line for people: `byte 1,204: timestamp in the system prompt`.
    public var description: String {
        let place =
            switch section {
            case .tool(let name): "tool \(name)"
            case .instructions: "the system prompt"
            case .document(let index): "document \(index)"
            case .message(let index): "message \(index)"
            }
        let change = cause == .structure || cause == .tools ? "change" : cause.rawValue
        return "byte \(Self.grouped(offset)): \(change) in \(place)"
    }

    private static func grouped(_ number: Int) -> String {
        let digits = Array(String(number))
        return digits.indices.reduce(into: "") { text, index in
            if index > 0, (digits.count - index).isMultiple(of: 3) { text += "," }
            text.append(digits[index])
        }
    }
}

extension PromptLayout {
    /// Where this prompt breaks the prefix that an earlier one made; nil if it only adds to it.
    ///
    /// - Complexity: O(*n*) for *n* bytes of the earlier prompt.
    public func firstBreak(since previous: PromptLayout) -> PrefixBreak? {
        let common = zip(bytes, previous.bytes).prefix { $0 == $1 }.count
        guard common < previous.bytes.count, let section = section(at: common) else { return nil }
        return PrefixBreak(
            offset: common,
            section: section.kind,
            cause: cause(at: common, in: section, since: previous),
            lostBytes: bytes.count - common
        )
    }

    private func cause(at offset: Int, in section: Section, since previous: PromptLayout) -> PrefixBreak.Cause {
        if case .tool = section.kind { return .tools }
        guard offset < bytes.count, let before = previous.section(at: offset), before.kind == section.kind else {
            return .structure
        }
        // A break in the very beginning of a part means that the part is another one.
        let isWhole = offset <= section.bytes.lowerBound
        let words = [self.word(at: offset), previous.word(at: offset)]
        if isSpace(at: offset) != previous.isSpace(at: offset), !isWhole,
            withoutSpace(section) == previous.withoutSpace(before)
        {
            return .whitespace
        }
        return words.map(VolatileText.kind).reduce(nil) { $0 == nil || $0 == $1 ? $1 : .text } ?? .text
    }

    private func isSpace(at offset: Int) -> Bool { bytes[offset] == 0x20 || (0x09...0x0D).contains(bytes[offset]) }

    private func withoutSpace(_ section: Section) -> [UInt8] {
        section.bytes.filter { !isSpace(at: $0) }.map { bytes[$0] }
    }

    /// The run of letters, digits and what joins them in dates and identifiers, with what stands around it.
    private func word(at offset: Int) -> VolatileText {
        func isJoined(_ index: Int) -> Bool {
            switch bytes[index] {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x80...: true
            case UInt8(ascii: ":"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "+"), UInt8(ascii: "/"),
                UInt8(ascii: "_"):
                true
            default: false
            }
        }
        var start = offset
        while start > 0, isJoined(start - 1) { start -= 1 }
        var end = offset
        while end < bytes.count, isJoined(end) { end += 1 }
        let around = bytes[max(0, start - 24)..<min(bytes.count, end + 24)]
        return VolatileText(
            word: String(decoding: bytes[start..<end], as: UTF8.self),
            surroundings: String(decoding: around, as: UTF8.self)
        )
    }
}

import OpenAI

/// A kind of value that a setting takes: how it is read from text, how it is written, and what to tell who got it wrong.
struct SettingType<Value: Sendable>: Sendable {
    /// Completes the sentence "… must be".
    let expectation: String
    /// Whether no print may show the value.
    var isSecret = false
    /// Reads a value; nil if the text is none.
    let read: @Sendable (String) -> Value?
    /// Writes a value so that ``read`` takes it back.
    let write: @Sendable (Value) -> String
    /// Whether two values are the same; nil for those that are written alike.
    var compare: (@Sendable (Value, Value) -> Bool)?

    /// Whether two values are the same, also where none of them may be written.
    func isSame(_ left: Value, _ right: Value) -> Bool { compare?(left, right) ?? (write(left) == write(right)) }

    /// The same values, and the word `none`.
    var orNone: SettingType<Value?> {
        SettingType<Value?>(
            expectation: expectation + ", or none",
            isSecret: isSecret,
            read: { text in
                if text == "none" || text == "null" { return .some(nil) }
                return read(text).map { .some($0) }
            },
            write: { $0.map(write) ?? "none" },
            compare: { left, right in
                guard let left, let right else { return left == nil && right == nil }
                return isSame(left, right)
            }
        )
    }
}

extension SettingType where Value == String {
    /// Text that is not empty.
    static func text(_ expectation: String) -> Self {
        Self(expectation: expectation, read: { $0.isEmpty ? nil : $0 }, write: { $0 })
    }
}

extension SettingType where Value == Bool {
    static let flag = Self(
        expectation: "true or false",
        read: { $0 == "true" ? true : $0 == "false" ? false : nil },
        write: { $0 ? "true" : "false" }
    )
}

extension SettingType where Value == Int {
    static func integer(_ range: ClosedRange<Int>) -> Self {
        let bound =
            range.upperBound == .max
            ? "of at least \(range.lowerBound)" : "from \(range.lowerBound) to \(range.upperBound)"
        return Self(
            expectation: "a whole number \(bound)",
            read: { Int($0).flatMap { range.contains($0) ? $0 : nil } },
            write: { String($0) }
        )
    }

    static let port = integer(0...65_535)
}

extension SettingType where Value: BinaryFloatingPoint & LosslessStringConvertible {
    static func number(_ range: ClosedRange<Value>) -> Self {
        Self(
            expectation: "a number from \(range.lowerBound) to \(range.upperBound)",
            read: { Value($0).flatMap { range.contains($0) ? $0 : nil } },
            write: { String($0) }
        )
    }
}

extension SettingType {
    /// One of several words.
    static func choice(_ words: [(word: String, value: Value)]) -> Self where Value: Equatable {
        Self(
            expectation: "one of " + words.map(\.word).joined(separator: ", "),
            read: { text in words.first { $0.word == text }?.value },
            write: { value in words.first { $0.value == value }?.word ?? "" }
        )
    }

    /// One of the cases of an enumeration, by their raw values.
    static func choice() -> Self where Value: CaseIterable & RawRepresentable & Equatable, Value.RawValue == String {
        choice(Value.allCases.map { ($0.rawValue, $0) })
    }
}

extension SettingType where Value == BaseURL {
    static let url = Self(
        expectation: "an http or https address without user name, query and fragment",
        read: { try? BaseURL($0) },
        write: { $0.text }
    )
}

extension SettingType where Value == APIKey {
    static let key = Self(
        expectation: "a key of printable characters without spaces",
        isSecret: true,
        read: { APIKey($0) },
        write: { _ in "" },
        compare: { $0.secret == $1.secret }
    )
}

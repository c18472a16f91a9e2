import Foundation
import SemanticCaching
import StrictJSON

extension Float {
    /// The number with a fixed count of decimals, whatever the locale.
    func formatted(decimals: Int) -> String { Double(self).formatted(decimals: decimals) }
}

extension Double {
    func formatted(decimals: Int) -> String {
        String(format: "%.\(decimals)f", locale: Locale(identifier: "en_US_POSIX"), self)
    }
}

extension Duration {
    /// The duration in microseconds.
    var microseconds: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) * 1e6 + Double(attoseconds) * 1e-12
    }

    /// The duration in the unit that suits it, such as `3.2 ms`.
    var shortText: String {
        switch microseconds {
        case ..<1_000: "\(microseconds.formatted(decimals: 1)) µs"
        case ..<1_000_000: "\((microseconds / 1_000).formatted(decimals: 1)) ms"
        default: "\((microseconds / 1_000_000).formatted(decimals: 1)) s"
        }
    }
}

extension JSONValue {
    /// A similarity or probability with six decimals; `null` for nil.
    static func rounded(_ value: Float?) -> JSONValue { rounded(value.map { Double($0) }) }

    static func rounded(_ value: Double?) -> JSONValue {
        guard let value, let number = JSONNumber((value * 1e6).rounded() / 1e6) else { return .null }
        return .number(number)
    }

    /// A text; `null` for nil.
    static func text(_ value: String?) -> JSONValue { value.map { .string($0) } ?? .null }
}

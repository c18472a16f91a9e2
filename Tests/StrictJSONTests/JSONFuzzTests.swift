import Foundation
import SemanticCachingTesting
import StrictJSON
import Testing

/// Random values, and texts that are nearly right: never a crash, and what is accepted means the same when written back.
@Suite struct JSONFuzzTests {
    private static let seeds = [
        #"{"model":"gpt-4o","messages":[{"role":"user","content":"Hi \u00e9 \ud83d\ude00"}],"temperature":0.70,"n":1}"#,
        #"[1,-0,1.5e-3,true,false,null,"",{"a":{"b":[[],{}]}},"\n\t\\\""]"#,
        #" { "a" : [ 1 , 2.0 , 3e1 ] , "日本" : "語" , "e\u0301" : 0 } "#,
        #""\u0000\ud834\udd1e\/""#, "-12.340e+05", "[[[[[[[[]]]]]]]]",
    ].map { Array($0.utf8) }
    private static let pieces = [
        "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "\\ud800", "0", "-", "1e", ".", "e99", "null", "tru", "\u{0}",
        " ",
        "\"a\":", "é", "\u{2028}",
    ].map { Array($0.utf8) }

    private func mutate(_ bytes: [UInt8], using generator: inout SeededGenerator) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
            let index = Int.random(in: 0...bytes.count, using: &generator)
            let end = min(bytes.count, index + Int.random(in: 0...6, using: &generator))
            switch Int.random(in: 0..<6, using: &generator) {
            case 0: if index < bytes.count { bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &generator) }
            case 1: bytes.insert(UInt8.random(in: .min ... .max, using: &generator), at: index)
            case 2: bytes.removeSubrange(index..<end)
            case 3: bytes.insert(contentsOf: Self.pieces.randomElement(using: &generator) ?? [], at: index)
            case 4: bytes.insert(contentsOf: bytes[index..<end], at: Int.random(in: 0...bytes.count, using: &generator))
            default: bytes.removeSubrange(index...)
            }
        }
        return bytes
    }

    @Test func whatIsAcceptedMeansTheSameWhenWrittenBack() throws {
        var generator = SeededGenerator.announced(seed: 61)
        var accepted = 0
        for _ in 0..<20_000 {
            let bytes = mutate(Self.seeds.randomElement(using: &generator) ?? [], using: &generator)
            let value: JSONValue
            do throws(JSONError) {
                value = try JSONValue(parsing: bytes, maximumDepth: 16)
            } catch {
                if !(0...bytes.count).contains(error.offset) { Issue.record("\(error) for \(bytes)") }
                continue
            }
            accepted += 1
            let written = value.serialized()
            let again = try JSONValue(parsing: written, maximumDepth: 16)
            if again != value || again.serialized() != written { Issue.record("not stable: \(bytes)") }
        }
        #expect(accepted > 1_000)
    }

    /// Foundation's parser is more lenient in places, but must take all that this one takes, and read the same.
    @Test func foundationAcceptsWhatIsAccepted() throws {
        var generator = SeededGenerator.announced(seed: 62)
        for _ in 0..<4_000 {
            let bytes = mutate(Self.seeds.randomElement(using: &generator) ?? [], using: &generator)
            guard let value = try? JSONValue(parsing: bytes), isWithinDoubles(value) else { continue }
            let other = try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
            if other == nil || !means(value, other as Any) { Issue.record("Foundation differs on \(bytes)") }
        }
    }

    @Test func randomValuesSurviveTheRoundTrip() throws {
        var generator = SeededGenerator.announced(seed: 63)
        for _ in 0..<1_000 {
            let value = randomValue(depth: 4, using: &generator)
            #expect(try JSONValue(parsing: value.serialized()) == value)
        }
    }

    private func randomValue(depth: Int, using generator: inout SeededGenerator) -> JSONValue {
        switch Int.random(in: 0..<(depth == 0 ? 5 : 7), using: &generator) {
        case 0: return .null
        case 1: return .bool(.random(using: &generator))
        case 2: return .integer(Int(truncatingIfNeeded: generator.next()))
        case 3: return .double(Double(bitPattern: generator.next()))
        case 4: return .string(randomText(using: &generator))
        case 5:
            let count = Int.random(in: 0...4, using: &generator)
            return .array((0..<count).map { _ in randomValue(depth: depth - 1, using: &generator) })
        default:
            var object = JSONObject()
            for _ in 0..<Int.random(in: 0...20, using: &generator) {
                object[randomText(using: &generator)] = randomValue(depth: depth - 1, using: &generator)
            }
            return .object(object)
        }
    }

    private func randomText(using generator: inout SeededGenerator) -> String {
        var text = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0...8, using: &generator) {
            // As many controls and ASCII letters as scalars from all of Unicode.
            let range: ClosedRange<UInt32> = Bool.random(using: &generator) ? 0...0x7F : 0...0x10FFFF
            if let scalar = Unicode.Scalar(UInt32.random(in: range, using: &generator)) { text.append(scalar) }
        }
        return String(text)
    }

    private func isWithinDoubles(_ value: JSONValue) -> Bool {
        switch value {
        case .number(let number): number.doubleValue.isFinite
        case .array(let elements): elements.allSatisfy(isWithinDoubles)
        case .object(let object): object.members.allSatisfy { isWithinDoubles($0.value) }
        case .null, .bool, .string: true
        }
    }

    private func means(_ value: JSONValue, _ other: Any) -> Bool {
        switch value {
        case .null: return other is NSNull
        case .bool(let bool): return (other as? Bool) == bool
        case .number(let number):
            guard let double = (other as? NSNumber)?.doubleValue else { return false }
            // Foundation reads long integers as decimals and converts those with an error in the last place.
            return abs(double - number.doubleValue) <= abs(number.doubleValue) * 1e-15
        case .string(let text): return (other as? String) == text
        case .array(let elements):
            guard let others = other as? [Any], others.count == elements.count else { return false }
            return zip(elements, others).allSatisfy { means($0, $1) }
        case .object(let object):
            guard let others = other as? [String: Any], others.count == object.count else { return false }
            return object.members.allSatisfy { member in others[member.key].map { means(member.value, $0) } ?? false }
        }
    }
}

/// A regular expression and the set of all places that it can lead to: slow, and obviously right.
indirect enum ExhaustivePattern {
    case letter(Character)
    case anything
    case start
    case end
    case sequence(ExhaustivePattern, ExhaustivePattern)
    case choice(ExhaustivePattern, ExhaustivePattern)
    case repetition(ExhaustivePattern, Int, Int?)

    static func random(depth: Int, using generator: inout TestGenerator) -> ExhaustivePattern {
        func part() -> ExhaustivePattern { random(depth: depth - 1, using: &generator) }
        switch Int.random(in: 0..<(depth == 0 ? 4 : 10), using: &generator) {
        case 0, 1: return .letter(["a", "b"].randomElement(using: &generator) ?? "a")
        case 2: return .anything
        case 3: return Bool.random(using: &generator) ? .start : .end
        case 4, 5, 6: return .sequence(part(), part())
        case 7: return .choice(part(), part())
        default:
            let minimum = Int.random(in: 0...2, using: &generator)
            let maximum = Bool.random(using: &generator) ? nil : minimum + Int.random(in: 0...2, using: &generator)
            return .repetition(part(), minimum, maximum)
        }
    }

    /// The pattern in the usual notation.
    var text: String {
        switch self {
        case .letter(let letter): String(letter)
        case .anything: "."
        case .start: "^"
        case .end: "$"
        case .sequence(let first, let second): "(\(first.text))(\(second.text))"
        case .choice(let first, let second): "(\(first.text)|\(second.text))"
        case .repetition(let part, let minimum, let maximum):
            "(\(part.text)){\(minimum),\(maximum.map(String.init) ?? "")}"
        }
    }

    func matches(_ text: String) -> Bool {
        let letters = Array(text)
        return (0...letters.count).contains { !ends(from: [$0], in: letters).isEmpty }
    }

    private func ends(from starts: Set<Int>, in text: [Character]) -> Set<Int> {
        switch self {
        case .letter(let letter): return Set(starts.filter { $0 < text.count && text[$0] == letter }.map { $0 + 1 })
        case .anything: return Set(starts.filter { $0 < text.count }.map { $0 + 1 })
        case .start: return starts.intersection([0])
        case .end: return starts.intersection([text.count])
        case .sequence(let first, let second): return second.ends(from: first.ends(from: starts, in: text), in: text)
        case .choice(let first, let second):
            return first.ends(from: starts, in: text).union(second.ends(from: starts, in: text))
        case .repetition(let part, let minimum, let maximum):
            var current = starts
            for _ in 0..<minimum { current = part.ends(from: current, in: text) }
            var all = current
            // More rounds than places cannot lead anywhere new.
            for _ in 0..<((maximum ?? minimum + text.count + 1) - minimum) {
                current = part.ends(from: current, in: text)
                all.formUnion(current)
            }
            return all
        }
    }
}

/// A regular expression as a program that finds out in linear time whether a text has a match.
///
/// Every instruction that the text so far can have led to is followed at once, one character after the other (Thompson
/// 1968, doi:10.1145/363347.363387), so no pattern can make a text expensive: there is no backtracking.
struct PatternProgram: Hashable, Sendable {
    enum Instruction: Hashable, Sendable {
        /// Goes on behind a character of the set.
        case consume(ScalarSet)
        /// Goes on at two places.
        case split(Int, Int)
        case jump(Int)
        case assertStart
        case assertEnd
        case assertWordBoundary(isInverted: Bool)
        case match
    }

    /// The most instructions that a program may have.
    static let instructionLimit = 5000

    private var instructions: [Instruction] = []
    private let ignoresCase: Bool

    /// Compiles a pattern.
    ///
    /// - Throws: ``PatternError`` if its repetitions make it longer than ``instructionLimit``.
    init(_ syntax: PatternSyntax, ignoresCase: Bool) throws(PatternError) {
        self.ignoresCase = ignoresCase
        try emit(syntax)
        try append(.match)
    }

    /// Whether the text has a match anywhere.
    ///
    /// - Complexity: O(*n* · *m*) for *n* characters and *m* instructions.
    func matches(_ text: String) -> Bool {
        var current = ThreadSet(capacity: instructions.count)
        var next = ThreadSet(capacity: instructions.count)
        var previous: Unicode.Scalar?
        var rest = text.unicodeScalars.makeIterator()
        var scalar = rest.next()
        while true {
            // A match may start at every character.
            if follow(0, previous: previous, next: scalar, into: &current) { return true }
            guard let consumed = scalar else { return false }
            let following = rest.next()
            next.removeAll()
            for position in current.members {
                guard case .consume(let set) = instructions[position] else { continue }
                guard ignoresCase ? set.containsIgnoringCase(consumed) : set.contains(consumed) else { continue }
                if follow(position + 1, previous: consumed, next: following, into: &next) { return true }
            }
            swap(&current, &next)
            previous = consumed
            scalar = following
        }
    }

    /// Adds an instruction and all that can be reached from it without a character; true if the end is among them.
    private func follow(
        _ start: Int,
        previous: Unicode.Scalar?,
        next: Unicode.Scalar?,
        into threads: inout ThreadSet
    ) -> Bool {
        var stack = [start]
        while let position = stack.popLast() {
            guard threads.insert(position) else { continue }
            switch instructions[position] {
            case .consume: break
            case .match: return true
            case .jump(let target): stack.append(target)
            case .split(let first, let second): stack += [second, first]
            case .assertStart: if previous == nil { stack.append(position + 1) }
            case .assertEnd: if next == nil { stack.append(position + 1) }
            case .assertWordBoundary(let isInverted):
                let isBoundary = Self.isWord(previous) != Self.isWord(next)
                if isBoundary != isInverted { stack.append(position + 1) }
            }
        }
        return false
    }

    private static func isWord(_ scalar: Unicode.Scalar?) -> Bool {
        scalar.map { ScalarSet.wordCharacters.contains($0) } ?? false
    }

    /// Positions in the program, each at most once (sparse set, Briggs and Torczon 1993, doi:10.1145/176454.176484).
    private struct ThreadSet {
        private(set) var members: [Int] = []
        private var places: [Int]

        init(capacity: Int) { places = [Int](repeating: 0, count: capacity) }

        mutating func insert(_ position: Int) -> Bool {
            let place = places[position]
            if place < members.count, members[place] == position { return false }
            places[position] = members.count
            members.append(position)
            return true
        }

        mutating func removeAll() { members.removeAll(keepingCapacity: true) }
    }
}

extension PatternProgram {
    private mutating func append(_ instruction: Instruction) throws(PatternError) {
        guard instructions.count < Self.instructionLimit else {
            throw PatternError(
                message: "its repetitions multiply to more than \(Self.instructionLimit) steps",
                offset: 0
            )
        }
        instructions.append(instruction)
    }

    private mutating func emit(_ syntax: PatternSyntax) throws(PatternError) {
        switch syntax {
        case .empty: break
        case .scalars(let set): try append(.consume(set))
        case .start: try append(.assertStart)
        case .end: try append(.assertEnd)
        case .wordBoundary(let isInverted): try append(.assertWordBoundary(isInverted: isInverted))
        case .sequence(let parts): for part in parts { try emit(part) }
        case .choice(let choices): try emit(choices[...])
        case .repetition(let part, let minimum, let maximum):
            let start = instructions.count
            for _ in 0..<minimum {
                try emit(part)
                // Nothing stays nothing however often it is repeated, and would never meet the limit.
                if instructions.count == start { return }
            }
            guard let maximum else { return try emitLoop(part) }
            try emitOptional(part, count: maximum - minimum)
        }
    }

    private mutating func emit(_ choices: ArraySlice<PatternSyntax>) throws(PatternError) {
        guard let first = choices.first else { return }
        guard choices.count > 1 else { return try emit(first) }
        let split = instructions.count
        try append(.split(split + 1, 0))
        try emit(first)
        let jump = instructions.count
        try append(.jump(0))
        instructions[split] = .split(split + 1, instructions.count)
        try emit(choices.dropFirst())
        instructions[jump] = .jump(instructions.count)
    }

    /// The part any number of times.
    private mutating func emitLoop(_ part: PatternSyntax) throws(PatternError) {
        let split = instructions.count
        try append(.split(split + 1, 0))
        try emit(part)
        try append(.jump(split))
        instructions[split] = .split(split + 1, instructions.count)
    }

    /// The part up to so many times: each time may be the one too many.
    private mutating func emitOptional(_ part: PatternSyntax, count: Int) throws(PatternError) {
        var splits: [Int] = []
        for _ in 0..<count {
            splits.append(instructions.count)
            try append(.split(instructions.count + 1, 0))
            try emit(part)
        }
        for split in splits { instructions[split] = .split(split + 1, instructions.count) }
    }
}

public import SemanticCaching

/// What the writers of a crash test store: all of it can be computed again from its number, so nothing need be
/// remembered but which numbers were acknowledged.
public struct CrashWorkload: Sendable {
    /// The number of writers.
    public static let writers: UInt64 = 4
    /// The components of the vectors.
    public static let dimension = 48

    /// What a writer does under a number.
    public enum Step: Equatable, Sendable {
        /// It stores an answer.
        case insert
        /// It gives the answer of another number a second question.
        case addQuestion(to: UInt64)
        /// It removes the answer of another number.
        case remove(UInt64)
        /// It stores an answer under the key of another number, which takes that one's place.
        case replace(UInt64)
    }

    /// Creates the workload.
    public init() {}

    /// The step of a number; it touches only numbers of the same writer, so that order is decided.
    public func step(_ number: UInt64) -> Step {
        let round = number / Self.writers
        func earlier(_ rounds: UInt64) -> UInt64 { number - rounds * Self.writers }
        switch round % 8 {
        case 3: return .addQuestion(to: earlier(1))
        case 5: return .remove(earlier(5))
        case 7: return .replace(earlier(1))
        default: return .insert
        }
    }

    /// The answer of a number.
    public func entry(_ number: UInt64) -> CacheEntry {
        CacheEntry(
            id: id(number),
            namespace: NamespaceID(name: "crash/\(number % 3)"),
            model: "model",
            reply: CachedReply(text: "Answer \(number): " + String(repeating: "text ", count: Int(number % 200))),
            tags: ["tag:\(number % 10)"],
            createdAt: Timestamp(milliseconds: Int64(number))
        )
    }

    /// The id of the answer of a number.
    public func id(_ number: UInt64) -> EntryID { EntryID(high: number, low: 0x5EED) }

    /// The key of the question of a number.
    public func key(_ number: UInt64) -> Digest256 { Digest256(hashing: Array("key \(number)".utf8)) }

    /// The question of a number, with a vector of unit length.
    public func question(_ number: UInt64, of entry: UInt64, key: UInt64? = nil) -> CachedQuestion {
        var vector = (0..<Self.dimension).map { Float((number &+ UInt64($0) * 37) % 101) - 50 }
        let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
        for index in vector.indices { vector[index] /= length }
        return CachedQuestion(
            id: number + 1,
            entry: id(entry),
            text: "Question \(number)?",
            key: self.key(key ?? number),
            check: self.key((key ?? number) &+ 1 << 40),
            partition: self.key(7),
            embeddingModel: "crash",
            vector: vector,
            createdAt: Timestamp(milliseconds: Int64(number))
        )
    }
}

/// What is fuzzed: a name for the command line, and properties that must hold for any bytes.
///
/// One folder, two builds. With `SEMCACHE_FUZZ` in the environment it is a program under libFuzzer and the address
/// sanitizer (`scripts/fuzz`); without, it is a suite of tests that runs the same properties on the seeds and on seeded
/// mutations of them.
struct FuzzTarget: Sendable {
    /// The name: `SEMCACHE_FUZZ_TARGET`, and the folder of its seeds.
    let name: String
    /// Inputs to begin with that are made by the code under test, beside those in the folder.
    var madeSeeds: @Sendable () -> [[UInt8]] = { [] }
    /// Runs one input; throws ``PropertyViolation``, or traps.
    let run: @Sendable ([UInt8]) throws -> Void

    /// All targets, those that read what strangers send first.
    static let all = [
        requestKey, httpRequest, eventStream, upstreamReply, providerReply, importFile, redisReply, redisEntry,
        indexSnapshot, questionPattern, json, topLevelMembers, safetensors, tokenizer, bytePairs, eventRule, guards,
        redisURL,
    ]
}

/// A property that an input breaks.
struct PropertyViolation: Error, CustomStringConvertible {
    let description: String
}

/// Demands a property of the input that runs.
func demand(_ isTrue: @autoclosure () throws -> Bool, _ violation: @autoclosure () -> String) throws {
    guard try isTrue() else { throw PropertyViolation(description: violation()) }
}

/// Demands that a value is there.
func demanded<Value>(_ value: @autoclosure () throws -> Value?, _ violation: @autoclosure () -> String) throws -> Value
{
    do {
        if let value = try value() { return value }
    } catch {
        throw PropertyViolation(description: "\(violation()): \(error)")
    }
    throw PropertyViolation(description: violation())
}

extension [UInt8] {
    /// What stands before the first byte of a kind, and what behind it; all of it twice if there is none.
    func halves(at separator: UInt8) -> (first: [UInt8], second: [UInt8]) {
        guard let place = firstIndex(of: separator) else { return (self, self) }
        return (Array(self[..<place]), Array(self[(place + 1)...]))
    }
}

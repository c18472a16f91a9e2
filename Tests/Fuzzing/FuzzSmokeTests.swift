import Foundation
import SemanticCachingTesting
import Testing

/// The properties of the fuzzers, on their seeds and on some mutations of them: what every run of the tests can afford.
@Suite struct FuzzSmokeTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
        "Seeds"
    )

    @Test(arguments: FuzzTarget.all.map(\.name))
    func holdsForSeedsAndMutations(name: String) throws {
        let target = try #require(FuzzTarget.all.first { $0.name == name })
        let seeds = try Self.seeds(of: target)
        #expect(!seeds.isEmpty, "without a seed a fuzzer knows nothing of its format")
        var generator = SeededGenerator.announced(seed: 91, for: name)
        let mutator = InputMutator(seeds: seeds)
        let inputs = seeds + (0..<1_000).map { _ in mutator.next(using: &generator) }
        for input in inputs {
            do { try target.run(input) } catch {
                Issue.record("\(error); the input in base64: \(Data(input).base64EncodedString())")
                return
            }
        }
    }

    @Test func everyFolderOfSeedsHasItsTarget() throws {
        let names = Set(try FileManager.default.contentsOfDirectory(atPath: Self.folder.path))
        #expect(names.isSubset(of: FuzzTarget.all.map(\.name)))
        #expect(Set(FuzzTarget.all.map(\.name)).count == FuzzTarget.all.count)
    }

    private static func seeds(of target: FuzzTarget) throws -> [[UInt8]] {
        let folder = Self.folder.appendingPathComponent(target.name)
        let files = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
        return try target.madeSeeds() + files.sorted { $0.path < $1.path }.map { [UInt8](try Data(contentsOf: $0)) }
    }
}

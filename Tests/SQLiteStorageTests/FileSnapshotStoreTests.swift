import Foundation
import SQLiteStorage
import SemanticCaching
import Testing

@Suite struct FileSnapshotStoreTests {
    private let directory: TemporaryDirectory
    private let snapshots: FileSnapshotStore

    init() throws {
        directory = TemporaryDirectory()
        try FileManager.default.createDirectory(atPath: directory.path, withIntermediateDirectories: true)
        snapshots = FileSnapshotStore(directory: directory.path)
    }

    private func content(_ outcome: SnapshotOutcome) -> [UInt8]? {
        guard case .loaded(let image, _) = outcome else { return nil }
        return image.withBytes { Array($0) }
    }

    private func files() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: directory.path) }

    @Test func whatWasSavedIsLoaded() async throws {
        for bytes in [[], [1, 2, 3], [UInt8](repeating: 7, count: 100_000)] as [[UInt8]] {
            try await snapshots.save(bytes, as: "faq/\u{FC} *", changeCount: 12)
            #expect(content(await snapshots.load("faq/\u{FC} *")) == bytes)
        }
        #expect(try files().count == 1, "temporary files are gone")
        let attributes = try FileManager.default.attributesOfItem(atPath: directory.path + "/" + files()[0])
        #expect(attributes[.posixPermissions] as? Int == 0o600)
    }

    @Test func contentIsAligned() async throws {
        try await snapshots.save([1, 2, 3], as: "a", changeCount: 1)
        guard case .loaded(let image, _) = await snapshots.load("a") else {
            Issue.record("not loaded")
            return
        }
        #expect(image.withBytes { UInt(bitPattern: $0.baseAddress) % 64 } == 0)
    }

    @Test func anImageOutlivesItsReplacement() async throws {
        try await snapshots.save([1, 2, 3], as: "a", changeCount: 1)
        let first = await snapshots.load("a")
        try await snapshots.save([4], as: "a", changeCount: 2)
        try await snapshots.remove("a")
        #expect(content(first) == [1, 2, 3])
    }

    @Test func aMissingOneIsToldAndTheCountComesBack() async throws {
        guard case .unusable(let missing) = await snapshots.load("a") else {
            Issue.record("a snapshot that is not there was loaded")
            return
        }
        #expect(missing.contains("none"))
        try await snapshots.save([1], as: "a", changeCount: 5)
        guard case .loaded(_, let count) = await snapshots.load("a") else {
            Issue.record("not loaded")
            return
        }
        #expect(count == 5)
    }

    @Test func whatAKilledProcessLeftHalfWrittenIsOverwritten() async throws {
        try await snapshots.save([1], as: "a", changeCount: 1)
        let file = directory.path + "/" + (try files()[0])
        try Data(repeating: 9, count: 5000).write(to: URL(filePath: file + ".tmp"))
        #expect(content(await snapshots.load("a")) == [1])
        try await snapshots.save([2], as: "a", changeCount: 2)
        #expect(content(await snapshots.load("a")) == [2])
        #expect(try files().count == 1)
    }

    @Test func damageOfTheHeaderIsFoundAtEveryByte() async throws {
        try await snapshots.save(Array("content".utf8), as: "a", changeCount: 5)
        let file = URL(filePath: directory.path + "/" + (try files()[0]))
        let sound = try Data(contentsOf: file)
        for place in 0..<64 {
            for bit in 0..<8 {
                var damaged = sound
                damaged[place] ^= 1 << bit
                try damaged.write(to: file)
                #expect(content(await snapshots.load("a")) == nil, "byte \(place), bit \(bit)")
            }
        }
        for length in 0..<sound.count {
            try sound.prefix(length).write(to: file)
            #expect(content(await snapshots.load("a")) == nil, "\(length) bytes")
        }
        try (sound + [0]).write(to: file)
        #expect(content(await snapshots.load("a")) == nil, "one byte more")
        try sound.write(to: file)
        #expect(content(await snapshots.load("a")) == Array("content".utf8))
    }

    @Test func namesAreListedAndRemoved() async throws {
        for name in ["b", "a", "", "x/y", "\u{1F600}"] { try await snapshots.save([1], as: name, changeCount: 1) }
        try Data().write(to: URL(filePath: directory.path + "/index-zz.snapshot"))
        #expect(try await snapshots.names() == ["", "a", "b", "x/y", "\u{1F600}"])
        try await snapshots.remove("a")
        try await snapshots.remove("a")
        #expect(try await snapshots.names().contains("a") == false)
    }

    @Test func aDirectoryThatIsNotThereIsAnError() async throws {
        let nowhere = FileSnapshotStore(directory: directory.path + "/nowhere")
        #expect(await errorCode { try await nowhere.save([1], as: "a", changeCount: 1) } == .storeUnavailable)
        #expect(content(await nowhere.load("a")) == nil)
        #expect(try await nowhere.names() == [])
    }
}

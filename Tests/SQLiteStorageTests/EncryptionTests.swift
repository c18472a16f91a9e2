import Foundation
import SQLiteStorage
import SemanticCaching
import Testing

@Suite struct EncryptionTests {
    private let directory = TemporaryDirectory()

    private func options(_ key: EncryptionKey?) -> SQLiteStoreOptions {
        var options = SQLiteStoreOptions()
        options.encryptionKey = key
        return options
    }

    private func allBytes() throws -> Data {
        try FileManager.default.contentsOfDirectory(atPath: directory.path).reduce(into: Data()) { bytes, name in
            bytes += try Data(contentsOf: URL(filePath: directory.path + "/" + name))
        }
    }

    @Test func textsAreNowhereInTheFiles() async throws {
        for (key, isReadable) in [(EncryptionKey.random(), false), (nil, true)] as [(EncryptionKey?, Bool)] {
            let store = try await SQLiteStore.open(at: directory.path, options: options(key))
            try await StoreSample.fill(store, 1...20)
            let open = try allBytes()
            try await store.close()
            let closed = try allBytes()
            for bytes in [open, closed] {
                #expect((bytes.range(of: Data("Secret answer".utf8)) != nil) == isReadable)
                #expect((bytes.range(of: Data("Secret question".utf8)) != nil) == isReadable)
            }
            try FileManager.default.removeItem(atPath: directory.path)
        }
    }

    @Test func anotherKeyIsRefused() async throws {
        let key = EncryptionKey.random()
        let store = try await SQLiteStore.open(at: directory.path, options: options(key))
        try await StoreSample.fill(store, 1...2)
        try await store.close()
        let path = directory.path
        #expect(
            await errorCode { _ = try await SQLiteStore.open(at: path, options: options(.random())) } == .corruptStore
        )
        #expect(await errorCode { _ = try await SQLiteStore.open(at: path) } == .invalidConfiguration)
        let again = try await SQLiteStore.open(at: path, options: options(key))
        #expect(try await again.entry(StoreSample.id(2)) == StoreSample.entry(2))
        #expect(try await again.verify().isSound)
        try await again.close()
    }

    @Test func aPlainStoreIsNotTakenForAnEncryptedOne() async throws {
        let store = try await SQLiteStore.open(at: directory.path)
        try await StoreSample.fill(store, 1...1)
        try await store.close()
        let code = await errorCode { _ = try await SQLiteStore.open(at: directory.path, options: options(.random())) }
        #expect(code == .invalidConfiguration)
    }

    @Test func keysAreReadInTheirForms() throws {
        let bytes = [UInt8](0..<32)
        let hexadecimal = bytes.map { String(format: "%02X", $0) }.joined()
        let base64 = Data(bytes).base64EncodedString()
        _ = try EncryptionKey(bytes: bytes)
        _ = try EncryptionKey(text: hexadecimal + "\n")
        _ = try EncryptionKey(text: base64)
        try FileManager.default.createDirectory(atPath: directory.path, withIntermediateDirectories: true)
        for content in [Data(bytes), Data(base64.utf8)] {
            try content.write(to: URL(filePath: directory.path + "/key"))
            _ = try EncryptionKey(file: directory.path + "/key")
        }
        for wrong in ["", "abc", String(hexadecimal.dropLast()), "not base 64!", Data([1, 2]).base64EncodedString()] {
            let error = #expect(throws: CacheError.self) { try EncryptionKey(text: wrong) }
            #expect(error?.code == .invalidConfiguration)
        }
        #expect(throws: CacheError.self) { try EncryptionKey(file: directory.path + "/none") }
    }

    @Test func keysAreNotPrinted() throws {
        let key = try EncryptionKey(bytes: [UInt8](repeating: 0xAB, count: 32))
        var options = SQLiteStoreOptions()
        options.encryptionKey = key
        var dumped = ""
        dump(options, to: &dumped)
        for text in ["\(key)", String(reflecting: key), "\(options)", dumped] {
            #expect(!text.lowercased().contains("ab, ab") && !text.contains("171") && !text.contains("ABAB"))
        }
    }
}

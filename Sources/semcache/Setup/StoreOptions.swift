import ArgumentParser
import Foundation
import SQLiteStorage

/// Which cache on disk a command works on.
struct StoreOptions: ParsableArguments {
    /// What a command does with the store; reading works beside a running server.
    enum Access {
        case reading
        case writing
    }

    @Option(
        name: .customLong("data"),
        help: ArgumentHelp("Folder of the cache. [default: $SEMCACHE_DATA]", valueName: "folder")
    )
    var data: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "File with the key of an encrypted cache: 32 bytes, or their text. [default: the key in $SEMCACHE_KEY]",
            valueName: "file"
        )
    )
    var keyFile: String?

    /// The folder of the cache.
    ///
    /// - Throws: `UsageError` if none is given.
    var folder: String {
        get throws {
            if let data, !data.isEmpty { return data }
            if let data = ProcessInfo.processInfo.environment["SEMCACHE_DATA"], !data.isEmpty { return data }
            throw UsageError(message: "give the folder of the cache with --data, or in $SEMCACHE_DATA")
        }
    }

    /// Opens the store; a store that is to be read must be there.
    ///
    /// - Throws: `CacheError`, also if another process writes there and this one wants to.
    func open(for access: Access) async throws -> SQLiteStore {
        try await SQLiteStore.open(at: folder, options: options(for: access))
    }

    /// Opens the store, runs the work and closes the store, whatever came of the work.
    func withStore<Result>(
        for access: Access,
        _ work: (SQLiteStore) async throws -> Result
    ) async throws -> Result {
        let store = try await open(for: access)
        let result: Result
        do { result = try await work(store) } catch {
            // The first error is the one to tell.
            try? await store.close()
            throw error
        }
        try await store.close()
        return result
    }

    private func options(for access: Access) throws -> SQLiteStoreOptions {
        var options = SQLiteStoreOptions()
        options.isReadOnly = access == .reading
        if let keyFile {
            options.encryptionKey = try KeyFile.key(at: keyFile)
        } else if let key = ProcessInfo.processInfo.environment["SEMCACHE_KEY"], !key.isEmpty {
            options.encryptionKey = try EncryptionKey(text: key)
        }
        return options
    }
}

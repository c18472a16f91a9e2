import Foundation
import LocalEmbeddings

/// A folder that is removed when the test is over.
final class TemporaryFolder {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("semcache-\(UUID().uuidString)").path

    init() throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Loads the embedder; the folder outlives the call, which `load(folder: folder.path)` would not promise.
    func load(_ configuration: BERTEmbedder.Configuration = .init()) throws(ModelFolderError) -> BERTEmbedder {
        defer { withExtendedLifetime(self) {} }
        return try BERTEmbedder.load(folder: path, configuration: configuration)
    }

    /// Loads the cross-encoder, likewise.
    func loadCrossEncoder() throws(ModelFolderError) -> BERTCrossEncoder {
        defer { withExtendedLifetime(self) {} }
        return try BERTCrossEncoder.load(folder: path)
    }

    func write(_ bytes: some Sequence<UInt8>, to file: String) throws {
        let url = URL(fileURLWithPath: path).appendingPathComponent(file)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: url)
    }
}

import Embeddings
import Foundation
import LocalEmbeddings
import OpenAI

/// Which embedder gives questions their vectors: a local model, or a server's.
struct EmbedderChoice: Sendable {
    /// Whether there is one at all.
    var isEnabled = true
    /// The folder of the local model; nil for the default one.
    var folder: String?
    /// The server to embed with instead.
    var url: BaseURL?
    /// The model on that server.
    var name: String?
    /// The components of that model's vectors.
    var dimension: Int?
    /// The key for that server; nil for the one in `$OPENAI_API_KEY`.
    var key: APIKey?

    /// The folder of the default model, if it is what is meant and nothing is there.
    var missingDefaultFolder: String? {
        guard folder == nil, url == nil else { return nil }
        let folder = EmbedderOptions.defaultModelFolder
        return FileManager.default.fileExists(atPath: folder) ? nil : folder
    }

    /// Makes the embedder.
    ///
    /// - Throws: `UnavailableError` when there is no model, with the command that fetches it; `UsageError` when the
    ///   server's model is not described.
    func makeEmbedder() throws -> any Embedder {
        if let url {
            guard let name, let dimension else {
                throw UsageError(message: "an embedding server needs the name and the dimension of its model")
            }
            return OpenAIEmbedder(
                configuration: .init(
                    baseURL: url,
                    apiKey: key ?? APIKey(environmentVariable: "OPENAI_API_KEY"),
                    model: name,
                    dimension: dimension
                )
            )
        }
        let folder = folder ?? EmbedderOptions.defaultModelFolder
        guard FileManager.default.fileExists(atPath: folder) else {
            throw UnavailableError(
                message: "no model at \(folder); run \(ModelScript.path), or give --model or --embedding-url"
            )
        }
        do { return try BERTEmbedder.load(folder: folder) } catch {
            throw DataFileError(path: folder, line: nil, message: "the model cannot be used: \(error)")
        }
    }
}

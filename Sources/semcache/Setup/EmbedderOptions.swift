import ArgumentParser
import Embeddings
import Foundation
import OpenAI

/// Which embedder a command uses: the local model by default, or an OpenAI-compatible server.
struct EmbedderOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "Folder of a sentence-transformers model of the BERT family. [default: $SEMCACHE_MODEL, or "
                + "~/.cache/semcache/models/all-MiniLM-L6-v2]",
            valueName: "folder"
        )
    )
    var model: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Base URL of an OpenAI-compatible server to embed with instead; its key is read from $OPENAI_API_KEY.",
            valueName: "url"
        )
    )
    var embeddingURL: String?

    @Option(name: .long, help: ArgumentHelp("Name of the model on that server.", valueName: "name"))
    var embeddingModel: String?

    @Option(name: .long, help: ArgumentHelp("Components of that model's vectors.", valueName: "count"))
    var embeddingDimension: Int?

    func validate() throws {
        guard embeddingURL != nil else {
            guard embeddingModel == nil, embeddingDimension == nil else {
                throw ValidationError("--embedding-model and --embedding-dimension need --embedding-url")
            }
            return
        }
        guard model == nil else { throw ValidationError("give --model or --embedding-url, not both") }
        guard embeddingModel != nil, let dimension = embeddingDimension, (1...65_536).contains(dimension) else {
            throw ValidationError(
                "--embedding-url needs --embedding-model and --embedding-dimension (1 to 65536), for example "
                    + "--embedding-model text-embedding-3-small --embedding-dimension 1536"
            )
        }
    }

    /// The folder of the local model.
    var modelFolder: String { model ?? Self.defaultModelFolder }

    static var defaultModelFolder: String {
        let environment = ProcessInfo.processInfo.environment
        if let folder = environment["SEMCACHE_MODEL"], !folder.isEmpty { return folder }
        let home = environment["HOME"] ?? NSHomeDirectory()
        return home + "/.cache/semcache/models/all-MiniLM-L6-v2"
    }

    /// Makes the embedder.
    ///
    /// - Throws: `UnavailableError` when there is no model, with the command that fetches it.
    func makeEmbedder() throws -> any Embedder { try choice.makeEmbedder() }

    /// What the options say.
    var choice: EmbedderChoice {
        get throws {
            var choice = EmbedderChoice()
            choice.folder = modelFolder
            if let embeddingURL {
                do { choice.url = try BaseURL(embeddingURL) } catch {
                    throw ValidationError("--embedding-url: \(error)")
                }
            }
            choice.name = embeddingModel
            choice.dimension = embeddingDimension
            return choice
        }
    }
}

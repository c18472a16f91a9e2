internal import FoundationEssentials
internal import VectorKernels

/// A folder in the layout of sentence-transformers, with one method per file that matters.
///
/// ```
///  config.json                  the encoder's shape
///  model.safetensors            its weights
///  vocab.txt                    its word pieces
///  tokenizer_config.json        lower-casing, accents           (optional)
///  sentence_bert_config.json    max_seq_length                  (optional)
///  modules.json                 what follows the encoder        (optional: then mean pooling)
///  1_Pooling/config.json        mean or CLS                     (where modules.json says)
/// ```
struct ModelFolder: Sendable {
    let path: String

    /// The last component of the path: the readable part of the model's identity.
    var name: String {
        path.split(separator: "/").last.map(String.init) ?? path
    }

    /// A folder that exists.
    init(path: String) throws(ModelFolderError) {
        var isDirectory = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), isDirectory else {
            throw .notFound(path: path)
        }
        self.path = path
    }

    /// Whether the folder has this file.
    func contains(_ file: String) -> Bool {
        FileManager.default.fileExists(atPath: path + "/" + file)
    }

    /// Maps a file.
    func map(_ file: String) throws(ModelFolderError) -> MappedFile {
        do throws(MappedFile.Failure) { return try MappedFile(path: path + "/" + file) } catch {
            throw .unreadable(file: file, reason: error.reason)
        }
    }

    /// Reads a whole file.
    func read(_ file: String) throws(ModelFolderError) -> [UInt8] {
        try map(file).withBytes { Array($0) }
    }

    /// Decodes a JSON file.
    func decode<Value: Decodable>(_ type: Value.Type, from file: String) throws(ModelFolderError) -> Value {
        let bytes = try read(file)
        guard bytes.count <= Self.maximumJSONBytes else {
            throw .invalidConfiguration(file: file, "it has \(bytes.count) bytes, more than \(Self.maximumJSONBytes)")
        }
        do {
            return try JSONDecoder().decode(type, from: Data(bytes))
        } catch let error as DecodingError {
            throw .invalidConfiguration(file: file, Self.describe(error))
        } catch {
            throw .invalidConfiguration(file: file, "it is not JSON")
        }
    }

    /// Decodes a JSON file that a folder need not have.
    func decodeIfPresent<Value: Decodable>(
        _ type: Value.Type,
        from file: String
    ) throws(ModelFolderError) -> Value? {
        contains(file) ? try decode(type, from: file) : nil
    }

    private static var maximumJSONBytes: Int { 16 << 20 }

    private static func describe(_ error: DecodingError) -> String {
        switch error {
        case .keyNotFound(let key, _): "the key \(key.stringValue) is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            "the value of \(context.codingPath.map(\.stringValue).joined(separator: ".")) has the wrong type"
        case .dataCorrupted: "it is not JSON, or a number is out of range"
        @unknown default: "it cannot be decoded"
        }
    }
}

/// Why a model folder could not be loaded; the description is one line that says what to do.
public enum ModelFolderError: Error, Hashable, Sendable {
    /// There is no such folder.
    case notFound(path: String)
    /// A file of the folder is missing or cannot be read.
    case unreadable(file: String, reason: String)
    /// A JSON file does not say what it must, or says what cannot be.
    case invalidConfiguration(file: String, String)
    /// The model is of a kind that this library does not run.
    case unsupported(String)
    /// `vocab.txt` is damaged or does not belong to the model.
    case invalidVocabulary(String)
    /// The weights file is damaged.
    case invalidWeights(SafetensorsError)
    /// A weight that the model needs is missing or has another shape.
    case wrongTensor(name: String, String)
}

extension ModelFolderError: CustomStringConvertible {
    /// One line: what is wrong, and what helps.
    public var description: String {
        switch self {
        case .notFound(let path):
            "there is no model folder at \(path): run scripts/fetch-model (or make setup), or name another folder"
        case .unreadable(let file, let reason):
            "the model file \(file) cannot be read: \(reason)"
        case .invalidConfiguration(let file, let detail):
            "the model file \(file) is not valid: \(detail)"
        case .unsupported(let detail):
            "this model cannot be run: \(detail)"
        case .invalidVocabulary(let detail):
            "the vocabulary vocab.txt is not valid: \(detail)"
        case .invalidWeights(let error):
            "the weights file is not valid: \(error)"
        case .wrongTensor(let name, let detail):
            "the weights file does not belong to this model: the tensor \(name) \(detail)"
        }
    }
}

import Foundation
import StrictJSON

/// A file of questions and answers that cannot be used.
struct DataFileError: Error, CustomStringConvertible {
    let path: String
    let line: Int?
    let message: String

    var description: String { "\(path)\(line.map { ":\($0)" } ?? ""): \(message)" }
}

/// One line of a JSONL file of questions with answers.
struct QuestionAndAnswer: Sendable {
    let question: String
    let answer: String?
    let tags: [String]
}

/// Reads JSONL files of the tool, line by line, with limits and with the number of a bad line in the error.
enum DataFile {
    private static let maximumBytes = 1 << 30

    /// Reads questions, with answers where there are any: `{"question": …, "answer": …, "tags": […]}`, or `text` or
    /// `prompt` for the question and `response` for the answer.
    static func questions(at path: String, requiringAnswers: Bool) throws -> [QuestionAndAnswer] {
        try objects(at: path).map { line, object in
            guard let question = (object["question"] ?? object["text"] ?? object["prompt"])?.stringValue,
                !question.isEmpty
            else {
                throw DataFileError(path: path, line: line, message: "\"question\" (or \"text\") must be a text")
            }
            let answer = (object["answer"] ?? object["response"])?.stringValue
            if requiringAnswers, answer?.isEmpty ?? true {
                throw DataFileError(path: path, line: line, message: "\"answer\" must be a text")
            }
            let tags = object["tags"]?.arrayValue?.compactMap(\.stringValue) ?? []
            return QuestionAndAnswer(question: question, answer: answer, tags: tags)
        }
    }

    /// The objects of a JSONL file, each with its line number; blank lines are skipped.
    static func objects(at path: String) throws -> [(line: Int, object: JSONObject)] {
        var objects: [(line: Int, object: JSONObject)] = []
        for (index, bytes) in try lines(at: path).enumerated() {
            guard bytes.contains(where: { $0 != 0x20 && $0 != 0x09 && $0 != 0x0D }) else { continue }
            do {
                guard let object = try JSONValue(parsing: bytes).objectValue else {
                    throw DataFileError(path: path, line: index + 1, message: "each line must be a JSON object")
                }
                objects.append((index + 1, object))
            } catch let error as JSONError {
                throw DataFileError(path: path, line: index + 1, message: error.description)
            }
        }
        guard !objects.isEmpty else { throw DataFileError(path: path, line: nil, message: "the file has no lines") }
        return objects
    }

    /// The lines of a text file.
    static func lines(at path: String) throws -> [ArraySlice<UInt8>] {
        let url = URL(fileURLWithPath: path)
        guard let size = try? url.resourceValues(forKeys: [.fileSizeKey]).fileSize else {
            throw DataFileError(path: path, line: nil, message: "the file cannot be read")
        }
        guard size <= maximumBytes else {
            throw DataFileError(path: path, line: nil, message: "the file is larger than 1 GiB")
        }
        guard let data = try? Data(contentsOf: url) else {
            throw DataFileError(path: path, line: nil, message: "the file cannot be read")
        }
        return Array(data).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    }
}

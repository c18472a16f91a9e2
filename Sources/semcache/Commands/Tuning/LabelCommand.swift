import ArgumentParser
import CacheTuning
import Foundation
import StrictJSON

/// Lets a person label pairs.
struct LabelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "label",
        abstract: "Walk through pairs of questions and label whether one answer serves both.",
        discussion: """
            Answer y, n, s to skip, u to undo; Ctrl-D ends. Labels are appended to the output as they are given, in the \
            format that tune reads. Pairs that the output has already are passed over.
            """
    )

    @Argument(help: "JSONL with two questions, \"a\" and \"b\", in each line.")
    var file: String

    @Option(name: .long, help: ArgumentHelp("File to append labels to.", valueName: "file"))
    var output: String

    func run() async throws {
        let known = try Self.known(at: output)
        let pairs = try DataFile.objects(at: file).map { line, object in
            guard let first = object["a"]?.stringValue, let second = object["b"]?.stringValue else {
                throw DataFileError(path: file, line: line, message: "\"a\" and \"b\" must be texts")
            }
            return LabelledPair(first, second, isMatch: false)
        }
        var session = LabelSession(pairs.filter { !known.contains([$0.first, $0.second]) })
        let labels = try LabelFile(path: output)
        while let pair = session.current {
            Terminal.write("\n\(session.position + 1)  \(pair.first)\n   \(pair.second)")
            print("One answer for both? [y/n/s/u] ", terminator: "")
            Terminal.flush()
            guard let line = readLine() else { break }
            guard let answer = LabelSession.Answer(line) else {
                Terminal.writeError("y for yes, n for no, s to skip, u to undo; Ctrl-D ends")
                continue
            }
            session.answer(answer)
            try labels.replace(with: session.labelled)
        }
        Terminal.write("\n\(session.labelled.count.counted("label")) appended to \(output)")
    }

    /// The pairs that were labelled before.
    private static func known(at path: String) throws -> Set<[String]> {
        guard FileManager.default.fileExists(atPath: path),
            let size = try? Data(contentsOf: URL(fileURLWithPath: path)),
            !size.isEmpty
        else { return [] }
        return Set(try PairReader.pairs(ofFile: path).map { [$0.first, $0.second] })
    }
}

/// A file of labels of which the part of this session is written anew with each answer, so that undo needs no memory.
private struct LabelFile {
    private let path: String
    private let handle: FileHandle
    private let start: UInt64

    init(path: String) throws {
        self.path = path
        if !FileManager.default.fileExists(atPath: path) {
            _ = FileManager.default.createFile(atPath: path, contents: nil)
        }
        guard let handle = FileHandle(forUpdatingAtPath: path), let start = try? handle.seekToEnd() else {
            throw UnavailableError(message: "cannot write \(path)")
        }
        self.handle = handle
        self.start = start
    }

    func replace(with pairs: [LabelledPair]) throws {
        let text = pairs.map { $0.jsonLine + "\n" }.joined()
        do {
            try handle.truncate(atOffset: start)
            try handle.write(contentsOf: Data(text.utf8))
        } catch { throw UnavailableError(message: "cannot write \(path): \(error.localizedDescription)") }
    }
}

import SemanticCaching

/// The side file of an import: it appears with the first line that cannot be used.
final class RejectedLines {
    let path: String
    private var file: OutputFile?

    init(path: String) { self.path = path }

    func append(_ record: RejectedRecord) throws {
        let file = try file ?? OutputFile(path: path)
        self.file = file
        try file.write(record.jsonLine)
    }

    func finish() throws { try file?.finish() }
}

extension TransferProgress {
    /// How far it is, how fast it goes and how long the rest takes.
    var text: String {
        var parts = ["\(records) records"]
        if let fraction { parts.append("\((fraction * 100).formatted(decimals: 1)) %") }
        parts.append("\(Int(recordsPerSecond)) a second")
        if let remaining { parts.append("\(Int(remaining.microseconds / 1e6)) s to go") }
        return parts.joined(separator: ", ")
    }
}

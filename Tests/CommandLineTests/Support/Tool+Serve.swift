import Foundation
import Testing

extension Tool {
    /// Runs a server until the body is done with its two ports, the proxy's and the admin API's, and ends it.
    static func serve(_ arguments: [String], _ body: (_ port: Int, _ adminPort: Int) async throws -> Void) async throws
    {
        let (process, _, _, error) = try start(arguments)
        defer {
            process.terminate()
            process.waitUntilExit()
        }
        let told = await Task.detached {
            var told = ""
            while told.firstMatch(of: #/admin on [^\n]*\n/#) == nil,
                case let piece = error.fileHandleForReading.availableData, !piece.isEmpty
            {
                told += String(decoding: piece, as: UTF8.self)
            }
            return told
        }.value
        let ports = try #require(
            told.firstMatch(of: #/listening on 127\.0\.0\.1:([0-9]+), admin on [^\n]*:([0-9]+)/#),
            "\(told)"
        )
        try await body(try #require(Int(ports.1)), try #require(Int(ports.2)))
    }
}

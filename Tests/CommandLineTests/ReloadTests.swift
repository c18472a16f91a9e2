import Foundation
import FoundationNetworking
import Testing

/// A running server takes over what changes in its file, and nothing of what cannot be used.
@Suite struct ReloadTests {
    private static let first = """
        upstream: http://127.0.0.1:9/v1
        port: 0
        admin: {port: 0}
        access_log: false
        embedder: {enabled: false}
        namespaces:
          faq: {threshold: 0.81}
        """

    @Test func aChangedFileAndSIGHUPLoadItAnewAndABadOneChangesNothing() async throws {
        let folder = try Folder()
        let file = try folder.write(Self.first, to: "semcache.yaml")
        let (process, _, output, error) = try Tool.start(["serve", "--config", file, "--data", folder.cache])
        defer {
            process.terminate()
            process.waitUntilExit()
        }
        // The log goes to standard output or error, as the logging library has it: both are read as one.
        let lines = Self.lines(of: [output, error])
        func wait(for text: String) async throws -> String {
            for await line in lines where line.contains(text) { return line }
            throw ServerEnded(awaiting: text)
        }
        let port = try #require(try await wait(for: "admin on").components(separatedBy: ":").last)
        func threshold() async throws -> Double? {
            let url = try #require(URL(string: "http://127.0.0.1:\(port)/api/namespace?name=faq"))
            let (data, _) = try await URLSession.shared.data(from: url)
            return (try JSONSerialization.jsonObject(with: data) as? [String: Any])?["threshold"] as? Double
        }
        #expect(try await threshold() == 0.81)

        _ = try folder.write(Self.first.replacingOccurrences(of: "0.81", with: "high"), to: "semcache.yaml")
        kill(process.processIdentifier, SIGHUP)
        let fault = try await wait(for: "stays as it was")
        #expect(fault.contains("\(file):7: namespaces.faq.threshold must be a number from 0.0 to 1.0, not \"high\""))
        #expect(try await threshold() == 0.81)

        // Nobody sends a signal: the file's change is noticed, as is what it cannot change in a running server.
        _ = try folder.write(
            Self.first.replacingOccurrences(of: "0.81", with: "0.82").replacingOccurrences(
                of: "port: 0",
                with: "port: 1"
            ),
            to: "semcache.yaml"
        )
        #expect(try await wait(for: "need a restart").contains("port, admin.port"))
        _ = try await wait(for: "loaded anew")
        #expect(try await threshold() == 0.82)
    }

    /// The lines of several pipes as they come; each is read once, by whoever waits.
    private static func lines(of pipes: [Pipe]) -> AsyncStream<String> {
        let (stream, lines) = AsyncStream.makeStream(of: String.self)
        for pipe in pipes {
            Thread.detachNewThread {
                var rest = Data()
                while case let data = pipe.fileHandleForReading.availableData, !data.isEmpty {
                    rest += data
                    while let end = rest.firstIndex(of: 0x0A) {
                        lines.yield(String(decoding: rest[..<end], as: UTF8.self))
                        rest = Data(rest[(end + 1)...])
                    }
                }
                lines.finish()
            }
        }
        return stream
    }
}

private struct ServerEnded: Error {
    let awaiting: String
}

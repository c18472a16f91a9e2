import ArgumentParser
import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// What Hummingbird itself serves: reads each request's body and answers with the same bytes, the mark for `semcache serve`.
///
///     StaticServer PORT BYTES
@main
struct StaticServer: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "StaticServer",
        abstract: "Answers each request with the same bytes: the mark for semcache serve."
    )

    @Argument(help: "Port to listen on.")
    var port: Int

    @Argument(help: "Bytes of each answer.")
    var bytes: Int

    func validate() throws {
        guard (0...65_535).contains(port), bytes >= 0 else {
            throw ValidationError("PORT must be from 0 to 65535, and BYTES 0 or more")
        }
    }

    func run() async throws {
        var logger = Logger(label: "static")
        logger.logLevel = .error
        try await Application(
            responder: StaticResponder(body: ByteBuffer(repeating: UInt8(ascii: "x"), count: bytes)),
            configuration: .init(address: .hostname("127.0.0.1", port: port), serverName: nil),
            logger: logger
        ).runService()
    }
}

/// Answers everything with the same bytes.
private struct StaticResponder: HTTPResponder {
    typealias Context = BasicRequestContext

    let body: ByteBuffer

    func respond(to request: Request, context: Context) async throws -> Response {
        _ = try await request.body.collect(upTo: 1 << 20)
        return Response(
            status: .ok,
            headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: body)
        )
    }
}

import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// What Hummingbird itself serves: reads each request's body and answers with the same bytes, the mark for `semcache serve`.
///
///     StaticServer PORT BYTES
@main
struct StaticServer: HTTPResponder {
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

    static func main() async throws {
        let numbers = CommandLine.arguments.dropFirst().compactMap { Int($0) }
        guard numbers.count == 2 else { return print("usage: StaticServer PORT BYTES") }
        var logger = Logger(label: "static")
        logger.logLevel = .error
        try await Application(
            responder: StaticServer(body: ByteBuffer(repeating: UInt8(ascii: "x"), count: numbers[1])),
            configuration: .init(address: .hostname("127.0.0.1", port: numbers[0]), serverName: nil),
            logger: logger
        ).runService()
    }
}

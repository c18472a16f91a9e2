internal import HTTPTypes
internal import Hummingbird
internal import NIOHTTP1
internal import OpenAI
internal import SemanticCaching

/// Answers the admin API and serves the dashboard, on a port of its own.
///
/// A browser on the same machine can reach the loopback address for any page that it shows. So a request that changes
/// something must be one that pages of other sites cannot send (JSON or DELETE, which the browser asks leave for), and
/// without a token the host must be a name of this machine, so that no foreign name that points here is believed.
final class AdminResponder: HTTPResponder, ServerPart {
    typealias Context = BasicRequestContext

    let core: ServerCore
    let proxy: ProxyResponder

    init(core: ServerCore, proxy: ProxyResponder) {
        self.core = core
        self.proxy = proxy
    }

    /// Answers one request; every failure becomes an answer of its own.
    func respond(to request: Request, context: Context) async throws -> Response {
        do {
            return try await route(request)
        } catch let answer as ErrorAnswer {
            return answer.response
        } catch let error as CacheError {
            return Self.answer(for: error).response
        } catch is CancellationError {
            throw CancellationError()
        } catch let error as HTTPParserError {
            throw error  // What is not HTTP is answered by the server below, which then closes the connection.
        } catch {
            return ErrorAnswer(
                .internalServerError,
                type: "server_error",
                code: "internal_error",
                "The operation failed."
            ).response
        }
    }

    private func route(_ request: Request) async throws -> Response {
        let path = request.uri.path
        let matching = AdminRoute.all.compactMap { route in route.match(path).map { (route, $0) } }
        guard let (route, id) = matching.first(where: { $0.0.method == request.method }) else {
            guard !matching.isEmpty else {
                throw ErrorAnswer(.notFound, code: "unknown_path", "No such path; see /openapi.json.")
            }
            var answer = ErrorAnswer(.methodNotAllowed, code: "method_not_allowed", "Another method is needed here.")
            answer.headers[.allow] = matching.map { $0.0.method.rawValue }.joined(separator: ", ")
            throw answer
        }
        if !route.isOpen { try authorize(request) }
        if route.method == .post || route.method == .put {
            let type = request.headers[.contentType]?.lowercased() ?? ""
            guard type.hasPrefix("application/json") || type.hasPrefix("application/x-ndjson") else {
                throw ErrorAnswer(
                    .unsupportedMediaType,
                    code: "unsupported_media_type",
                    "Send the body as application/json."
                )
            }
        }
        return try await route.handle(self, AdminRequest(request: request, id: id))
    }

    private func authorize(_ request: Request) throws {
        guard let token = configuration.admin.token else {
            let authority = request.head.authority?.lowercased() ?? ""
            let host = authority.hasPrefix("[") ? authority.prefix { $0 != "]" } + "]" : authority.prefix { $0 != ":" }
            let own = ["localhost", "127.0.0.1", "[::1]", configuration.admin.host.lowercased()]
            guard own.contains(String(host)) else {
                throw ErrorAnswer(
                    .forbidden,
                    code: "unknown_host",
                    "Without an admin token the host must be one of this machine."
                )
            }
            return
        }
        let expected = Array(token.secret.utf8)
        let given = Array((TenantTable.bearerKey(request.headers) ?? "").utf8)
        var difference: UInt8 = expected.count == given.count ? 0 : 1
        for (index, byte) in expected.enumerated() { difference |= byte ^ (index < given.count ? given[index] : 0) }
        guard difference == 0 else {
            throw ErrorAnswer(.unauthorized, code: "invalid_admin_token", "Send the admin token as a bearer token.")
        }
    }

    private static func answer(for error: CacheError) -> ErrorAnswer {
        switch error.code {
        case .invalidConfiguration, .invalidRequest, .invalidData:
            ErrorAnswer(.badRequest, code: error.code.rawValue, error.message)
        default: ErrorAnswer(.serviceUnavailable, type: "server_error", code: error.code.rawValue, error.message)
        }
    }
}

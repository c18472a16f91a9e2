internal import HTTPTypes
internal import Hummingbird
internal import StrictJSON

/// One operation of the admin API; `{id}` in its path stands for one segment.
struct AdminRoute: Sendable {
    let method: HTTPRequest.Method
    let path: String
    /// Whether it is served without the token: only what tells nothing of any answer.
    var isOpen = false
    let handle: @Sendable (AdminResponder, AdminRequest) async throws -> Response

    /// The segment that stands at `{id}`; nil if the path is another, an empty text if there is none.
    func match(_ given: String) -> String? {
        let pattern = path.split(separator: "/", omittingEmptySubsequences: false)
        let segments = given.split(separator: "/", omittingEmptySubsequences: false)
        guard pattern.count == segments.count else { return nil }
        var id = ""
        for (expected, actual) in zip(pattern, segments) {
            if expected == "{id}" { id = String(actual) } else if expected != actual { return nil }
        }
        return id
    }

    /// Every operation, as `/openapi.json` documents them.
    static let all: [AdminRoute] = [
        AdminRoute(method: .get, path: "/", isOpen: true) { _, _ in Dashboard.response },
        AdminRoute(method: .get, path: "/openapi.json", isOpen: true) { _, _ in OpenAPIDocument.response },
        AdminRoute(method: .get, path: "/healthz", isOpen: true) { _, _ in .json(["status": "ok"]) },
        AdminRoute(method: .get, path: "/readyz", isOpen: true) { try await $0.readiness($1) },
        AdminRoute(method: .get, path: "/metrics") { try await $0.prometheus($1) },
        AdminRoute(method: .get, path: "/api/stats") { try await $0.statistics($1) },
        AdminRoute(method: .get, path: "/api/history") { try await $0.history($1) },
        AdminRoute(method: .get, path: "/api/namespaces") { try await $0.namespaces($1) },
        AdminRoute(method: .get, path: "/api/namespace") { try await $0.namespaceSettings($1) },
        AdminRoute(method: .put, path: "/api/namespace") { try await $0.changeNamespaceSettings($1) },
        AdminRoute(method: .get, path: "/api/entries") { try await $0.entries($1) },
        AdminRoute(method: .post, path: "/api/entries") { try await $0.putEntry($1) },
        AdminRoute(method: .get, path: "/api/entries/{id}") { try await $0.entry($1) },
        AdminRoute(method: .delete, path: "/api/entries/{id}") { try await $0.deleteEntry($1) },
        AdminRoute(method: .post, path: "/api/lookup") { try await $0.lookup($1) },
        AdminRoute(method: .post, path: "/api/explain") { try await $0.explain($1) },
        AdminRoute(method: .post, path: "/api/feedback") { try await $0.feedback($1) },
        AdminRoute(method: .post, path: "/api/invalidate") { try await $0.invalidate($1) },
        AdminRoute(method: .post, path: "/api/events") { try await $0.event($1) },
        AdminRoute(method: .get, path: "/api/near-misses") { try await $0.nearMisses($1) },
        AdminRoute(method: .get, path: "/api/export") { try await $0.export($1) },
        AdminRoute(method: .post, path: "/api/import") { try await $0.importEntries($1) },
    ]
}

/// The paths of the admin API, for the test that holds the document against them.
package enum AdminRoutes {
    /// Every path, once.
    package static var paths: Set<String> { Set(AdminRoute.all.map(\.path)) }
}

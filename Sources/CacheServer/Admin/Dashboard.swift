internal import HTTPTypes
internal import Hummingbird

/// The page that shows live what the cache does: one file, no other host, every text set as text.
enum Dashboard {
    static var response: Response {
        var headers = HTTPFields()
        headers[.contentSecurityPolicy] =
            "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; "
            + "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        headers[.cacheControl] = "no-store"
        headers[.xContentTypeOptions] = "nosniff"
        return .bytes(Array(page.utf8), type: "text/html; charset=utf-8", headers: headers)
    }

    private static var page: String {
        head + "<style>" + styles + "</style>" + content + "<script>" + script + "</script>"
    }
}

internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// An answer of which every byte is at hand.
struct WholeAnswer: Sendable {
    var status = HTTPResponse.Status.ok
    /// The fields, without length and date: a list, as `HTTPFields` is slow to grow.
    var headers: [HTTPField]
    let body: ByteBuffer

    /// The answer as Hummingbird writes it.
    var response: Response {
        Response(status: status, headers: HTTPFields(headers), body: ResponseBody(byteBuffer: body))
    }
}

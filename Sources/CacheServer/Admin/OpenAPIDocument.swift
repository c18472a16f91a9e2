internal import Hummingbird

enum OpenAPIDocument {
    static var response: Response { .bytes(Array("{}".utf8), type: "application/json") }
}

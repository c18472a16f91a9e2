internal import Hummingbird

enum Dashboard {
    static var response: Response { .bytes(Array("".utf8), type: "text/html; charset=utf-8") }
}

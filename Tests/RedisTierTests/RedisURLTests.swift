import Testing

@testable import RedisTier

@Suite struct RedisURLTests {
    @Test func readsEveryPart() throws {
        let url = try RedisURL("redis://bot:s%40cret@cache.internal:7000/2?prefix=shop")
        #expect(url.endpoint == .tcp(host: "cache.internal", port: 7000))
        #expect(url.user == "bot")
        #expect(url.password == "s@cret")
        #expect(url.database == 2)
        #expect(url.prefix == "shop")
        #expect(!"\(url)".contains("cret"))
    }

    @Test(arguments: [
        ("redis://", RedisEndpoint.tcp(host: "127.0.0.1", port: 6379)),
        ("redis://h", .tcp(host: "h", port: 6379)),
        ("redis://[::1]:7001", .tcp(host: "::1", port: 7001)),
        ("valkey://h:1/", .tcp(host: "h", port: 1)),
        ("unix:///run/redis.sock?db=3", .unix(path: "/run/redis.sock")),
        ("unix://:pw@/run/redis%20one.sock", .unix(path: "/run/redis one.sock")),
    ])
    func findsTheEndpoint(text: String, endpoint: RedisEndpoint) throws {
        #expect(try RedisURL(text).endpoint == endpoint)
    }

    @Test(arguments: [
        "", "host:6379", "http://h", "redis://h:0", "redis://h:70000", "redis://h/x", "redis://h/-1",
        "redis://nocolon@h",
        "redis://h?prefix=", "redis://h?prefix=a*b", "redis://h?password=x", "unix://", "unix:///", "redis://:%zz@h",
        "unix:///" + String(repeating: "x", count: 120),
    ])
    func refuses(text: String) {
        #expect(throws: RedisError.self) { try RedisURL(text) }
    }

    @Test func tlsNamesThePackage() {
        #expect { try RedisURL("rediss://h") } throws: { "\($0)".contains("libhiredis-dev") }
    }

    @Test func passwordsAreInNoError() {
        #expect { try RedisURL("redis://u:hunter2@h:99999") } throws: { !"\($0)".contains("hunter2") }
    }
}

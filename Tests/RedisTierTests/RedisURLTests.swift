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
        "redis://nocolon@h", "redis://h?cacert=/ca.pem", "unix:///run/redis.sock?sni=h", "rediss://h?key=/k.pem",
        "redis://h?prefix=", "redis://h?prefix=a*b", "redis://h?password=x", "unix://", "unix:///", "redis://:%zz@h",
        "unix:///" + String(repeating: "x", count: 120),
    ])
    func refuses(text: String) {
        #expect(throws: RedisError.self) { try RedisURL(text) }
    }

    @Test func tlsHasOptionsOfItsOwn() throws {
        let url = try RedisURL("rediss://:pw@h:1?cacert=/ca.pem&cert=/c.pem&key=/k.pem&sni=name&db=2")
        var options = TLSOptions()
        (options.authorities, options.certificate, options.key) = ("/ca.pem", "/c.pem", "/k.pem")
        options.serverName = "name"
        #expect(url.tls == options)
        #expect((url.endpoint, url.password, url.database) == (.tcp(host: "h", port: 1), "pw", 2))
        #expect(try RedisURL("valkeys://h").tls == TLSOptions())
        #expect(try RedisURL("redis://h").tls == nil)
    }

    @Test func withoutALibraryTLSNamesThePackage() throws {
        let library = TLSLibrary(names: ["libnothing-of-the-sort.so"])
        #expect(library.map { _ in true } == nil)
        // A library that is there, but is another one.
        #expect(TLSLibrary(names: ["libm.so.6"]).map { _ in true } == nil)
        #expect { try RedisURL("rediss://h", tlsLibrary: library) } throws: { "\($0)".contains("package libssl3") }
        #expect(try RedisURL("redis://h", tlsLibrary: library).tls == nil)
    }

    @Test func passwordsAreInNoError() {
        #expect { try RedisURL("redis://u:hunter2@h:99999") } throws: { !"\($0)".contains("hunter2") }
    }
}

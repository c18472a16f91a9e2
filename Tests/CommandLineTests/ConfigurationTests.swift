import Foundation
import Testing

/// The configuration file, the environment and the flags of `serve`, through `config`.
@Suite struct ConfigurationTests {
    /// The lines of a print without their origins, and the origins by name.
    private func printed(_ arguments: [String], environment: [String: String] = [:]) async throws -> [String: String] {
        let run = try await Tool.run(["config", "--print"] + arguments, environment: environment)
        #expect(run.code == 0, "\(run.error)")
        var lines: [String: String] = [:]
        var group = ""
        for line in run.lines {
            let name = line.trimmingCharacters(in: CharacterSet(charactersIn: " #")).prefix { $0 != ":" }
            if !line.hasPrefix(" "), line.hasSuffix(":") { group = name + "." }
            let isIndented = line.hasPrefix("  ")
            lines[(isIndented ? group : "") + name] = line.trimmingCharacters(in: .whitespaces)
        }
        return lines
    }

    /// What was printed, without the origins.
    private func values(_ run: Tool.Run) -> [String] {
        run.lines.map { line in
            let text = line.components(separatedBy: "  # ")[0]
            return text.hasPrefix("#")
                ? text : String(text.prefix(through: text.lastIndex { $0 != " " } ?? text.startIndex))
        }
    }

    @Test func theExampleIsRightAndNamesEverySetting() async throws {
        #expect(try await Tool.run("config", "--check", ExampleFile.path).error.isEmpty)
        let example = try ExampleFile.text()
        let names = try await printed([]).keys.filter { !$0.hasPrefix("prices") && !$0.contains("[") }
        #expect(names.count > 60)
        for name in names {
            let last = name.split(separator: ".").last ?? ""
            #expect(example.contains("\(last):"), "\(name)")
        }
    }

    /// Whoever copies the file as it stands must change nothing by it, least of all who may call.
    @Test func theExampleHoldsTheDefaults() async throws {
        let folder = try Folder()
        // But for the two that must be given.
        let plain = try ExampleFile.text().components(separatedBy: "\n").filter {
            !$0.hasPrefix("upstream:") && !$0.hasPrefix("data:")
        }
        let file = try folder.write(plain.joined(separator: "\n"), to: "defaults.yaml")
        let own = try await Tool.run("config", "--print", "--config", file)
        #expect(values(own) == values(try await Tool.run("config", "--print")))
    }

    @Test func itsExamplesAreRightAndCanBeReadAgain() async throws {
        let folder = try Folder()
        let full = try folder.write(try ExampleFile.textWithExamples(), to: "full.yaml")
        #expect(try await Tool.run("config", "--check", full).error.isEmpty)
        let first = try await Tool.run("config", "--print", "--config", full)
        let file = try folder.write(first.output, to: "printed.yaml")
        let second = try await Tool.run("config", "--print", "--config", file)
        // The accepted keys do not show; all else is there again.
        #expect(first.output.contains("# keys: 1 accepted"))
        #expect(values(second) == values(first).filter { !$0.hasPrefix("# keys") })
        for example in ["faq/prices", "(?i)price|stock", "starts_with: \"What is the weather\"", "on: product_updated"]
        {
            #expect(second.output.contains(example), "\(example)")
        }
    }

    @Test func flagsOverrideTheEnvironmentWhichOverridesTheFile() async throws {
        let folder = try Folder()
        let file = try folder.write("host: 10.0.0.1\nport: 1\nlimits:\n  body_bytes: 1MiB\n", to: "a.yaml")
        let environment = [
            "SEMCACHE_PORT": "2", "SEMCACHE_LIMITS_BODY_BYTES": "2MiB", "SEMCACHE_DEFAULTS_THRESHOLD": "0.8",
        ]
        let lines = try await printed(["--config", file, "--set", "limits.body_bytes=3MiB"], environment: environment)
        #expect(lines["host"]?.hasPrefix("host: 10.0.0.1") == true)
        #expect(lines["host"]?.hasSuffix("# \(file):1") == true)
        #expect(lines["port"]?.hasPrefix("port: 2") == true)
        #expect(lines["port"]?.hasSuffix("# $SEMCACHE_PORT") == true)
        #expect(lines["limits.body_bytes"]?.hasPrefix("body_bytes: 3MiB") == true)
        #expect(lines["limits.body_bytes"]?.hasSuffix("# --set limits.body_bytes") == true)
        #expect(lines["defaults.threshold"]?.hasPrefix("threshold: 0.8") == true)
        #expect(lines["admin.port"]?.hasSuffix("# default") == true)
    }

    @Test func theVariablesFromBeforeThereWasAFileStillCount() async throws {
        let environment = ["SEMCACHE_MODEL": "/models/m", "SEMCACHE_DATA": "/data", "SEMCACHE_UPSTREAM": "http://u/v1"]
        let lines = try await printed([], environment: environment)
        #expect(lines["embedder.model"]?.hasPrefix("model: /models/m") == true)
        #expect(lines["data"]?.hasPrefix("data: /data") == true)
        #expect(lines["upstream"]?.hasPrefix("upstream: http://u/v1") == true)
    }

    @Test func secretsAreNeverShown() async throws {
        let folder = try Folder()
        let yaml = "upstream_key: sk-in-file\nadmin: {token: token-in-file}\nkeys:\n  - key: sk-caller\n"
        let file = try folder.write(yaml, to: "a.yaml")
        let environment = ["SEMCACHE_KEY": "key-in-environment"]
        let run = try await Tool.run(["config", "--print", "--config", file], environment: environment)
        for secret in ["sk-in-file", "token-in-file", "sk-caller", "key-in-environment"] {
            #expect(!run.output.contains(secret))
        }
        #expect(run.output.contains("upstream_key: [redacted]"))
        let bad = try folder.write("admin:\n  token: two words\n", to: "b.yaml")
        let fault = try await Tool.run("config", "--check", bad)
        #expect(fault.code == 65)
        #expect(!fault.error.contains("two words"))
    }

    @Test(arguments: [
        ("prot: 1", 1, "there is no setting \"prot\"; did you mean port?"),
        (
            "host: a\nlimits:\n  body_byte: 1", 3,
            "there is no setting \"limits.body_byte\"; did you mean limits.body_bytes?"
        ),
        ("limits:\n  nonsense: 1", 2, "known here: limits.body_bytes, "),
        ("port: many", 1, "port must be a whole number from 0 to 65535, not \"many\""),
        ("port: 65536", 1, "port must be a whole number from 0 to 65535, not \"65536\""),
        ("\n\nport: [1]", 3, "port must be one value"),
        ("limits: 3", 1, "limits must be a table of names and values"),
        ("limits:\n  idle_timeout: 5", 2, "limits.idle_timeout must be a time above zero such as"),
        ("limits:\n  body_bytes: 1MB", 2, "limits.body_bytes must be a size of at least 1, such as"),
        ("access_log: yes", 1, "access_log must be true or false, not \"yes\""),
        (
            "memory:\n  eviction: fifo", 2,
            "memory.eviction must be one of w-tinylfu, lru, oldest-first, value, not \"fifo\""
        ),
        ("upstream: ftp://x", 1, "upstream must be an http or https address"),
        ("defaults:\n  threshold: 1.5", 2, "defaults.threshold must be a number from 0.0 to 1.0, not \"1.5\""),
        ("namespaces:\n  faq:\n    treshold: 1", 3, "there is no setting \"treshold\"; did you mean threshold?"),
        ("namespaces:\n  faq:\n    threshold: 2", 3, "namespaces.faq.threshold must be a number from 0.0 to 1.0"),
        ("keys:\n  - tenant: a", 2, "an item of keys must have one of key, sha256, environment"),
        ("port: 1\nkeys:", 2, "keys must list at least one key; to serve everyone, remove the section"),
        ("keys: []", 1, "keys must list at least one key; to serve everyone, remove the section"),
        ("keys:\n  - sha256: abc", 2, "keys.sha256 must be the 64 hexadecimal digits"),
        ("time_rules:\n  - matches: (\n    time_to_live: 1h", 2, "time_rules.matches is not accepted"),
        ("time_rules:\n  - matches: a", 2, "a time rule must have time_to_live"),
        ("event_rules:\n  - on: e\n    where: colour == \"x\"", 3, "event_rules.where: "),
        ("prices:\n  models: {}", 2, "prices must say of what day they are"),
        ("prices:\n  as_of: 2026-01-01\n  models:\n    m: {input: 1}", 4, "prices.models.m must have input and output"),
        ("port: 1\nport: 2", nil, "the key port is there twice"),
        ("a: [", nil, "this is not YAML"),
    ])
    func whatIsWrongIsToldInOneLineWithItsPlace(_ yaml: String, _ line: Int?, _ message: String) async throws {
        let folder = try Folder()
        let file = try folder.write(yaml, to: "bad.yaml")
        let run = try await Tool.run("config", "--check", file)
        #expect(run.code == 65)
        #expect(run.output.isEmpty)
        #expect(run.error.split(separator: "\n").count == 1, "\(run.error)")
        #expect(run.error.hasPrefix("semcache: \(file):\(line.map { "\($0): " } ?? "")"), "\(run.error)")
        #expect(run.error.contains(message), "\(run.error)")
    }

    @Test func flagsAndVariablesAreNamedWhenTheyAreWrong() async throws {
        let flag = try await Tool.run("config", "--port", "x")
        #expect(flag.code == 64)
        #expect(flag.error == "semcache: --port: the value must be a whole number from 0 to 65535, not \"x\"\n")
        let variable = try await Tool.run(["config"], environment: ["SEMCACHE_ADMIN_PORT": "-1"])
        #expect(variable.code == 64)
        #expect(variable.error.hasPrefix("semcache: $SEMCACHE_ADMIN_PORT: the value must be "))
        let unknown = try await Tool.run("config", "--set", "prot=1")
        #expect(unknown.code == 64)
        #expect(unknown.error.contains("did you mean port?"))
    }

    @Test func secretsAreNotTakenFromTheArguments() async throws {
        let run = try await Tool.run("config", "--set", "admin.token=secret")
        #expect(run.code == 64)
        #expect(run.error.contains("--set admin.token: other users see the arguments of a program"))
        #expect(run.error.contains("$SEMCACHE_ADMIN_TOKEN"))
        #expect(!run.error.contains("=secret"))
    }

    @Test func theAdminAPIIsNotOpenedToOthersWithoutAToken() async throws {
        let folder = try Folder()
        for (host, isRight) in [
            ("0.0.0.0", false), ("\"::\"", false), ("10.0.0.1", false), ("127.0.0.1.example.org", false),
            ("127.0.0.2", true), ("localhost", true), ("\"::1\"", true),
        ] {
            let open = try folder.write("admin: {host: \(host)}", to: "open.yaml")
            let run = try await Tool.run("config", "--check", open)
            #expect(run.code == (isRight ? 0 : 64), "\(host)")
            #expect(run.error.isEmpty == isRight)
            let closed = try folder.write("admin: {host: \(host), token: t}", to: "closed.yaml")
            #expect(try await Tool.run("config", "--check", closed).code == 0)
        }
        let serve = try await Tool.run(
            "serve",
            "--exact",
            "--upstream",
            "http://127.0.0.1:9/v1",
            "--data",
            folder.cache,
            "--set",
            "admin.host=0.0.0.0"
        )
        #expect(serve.code == 64)
        #expect(serve.error.contains("set admin.token ($SEMCACHE_ADMIN_TOKEN)"))
        #expect(!FileManager.default.fileExists(atPath: folder.cache))
    }

    /// The documented starts of a new machine, on which nobody has fetched the model.
    @Test func serveStartsWordForWordWithoutTheDefaultModel() async throws {
        let folder = try Folder()
        let arguments = [
            "--upstream", "http://127.0.0.1:9/v1", "--port", "0", "--admin-port", "0", "--data", folder.cache,
        ]
        try await ServerProcess.run(arguments, environment: ["HOME": folder.path]) { (server) async throws in
            #expect(server.firstLines.contains { $0.contains("no model at \(folder.path)/.cache/semcache/models/") })
            #expect(try await server.send("GET", "/readyz", toAdmin: true).status == 200)
        }
        let named = try await Tool.run(["serve"] + arguments + ["--model", folder.file("none")])
        #expect(named.code == 69)
    }

    @Test func theListNamesEachSettingWithItsVariable() async throws {
        let lines = try await Tool.run("config", "--list").lines
        #expect(lines.contains { $0.hasPrefix("limits.body_bytes ") })
        #expect(lines.contains { $0.contains("$SEMCACHE_LIMITS_BODY_BYTES; a size of at least 1, such as") })
        #expect(lines.contains { $0.hasPrefix("    $SEMCACHE_KEY; ") && $0.hasSuffix("not shown") })
        #expect(lines.contains { $0.hasPrefix("port ") && $0.hasSuffix("(restart)") })
    }

    @Test func emptyFilesAndEmptySectionsAreDefaults() async throws {
        let folder = try Folder()
        for yaml in ["", "# nothing\n", "limits:\nnamespaces:\nprices:\n"] {
            let file = try folder.write(yaml, to: "empty.yaml")
            #expect(try await Tool.run("config", "--check", file).error.isEmpty)
        }
        #expect(
            try await Tool.run("config", "--check", folder.file("none.yaml")).error.contains("the file cannot be read")
        )
    }

    @Test func serveNeedsToBeToldWhere() async throws {
        let folder = try Folder()
        let run = try await Tool.run("serve", "--exact", "--data", folder.cache)
        #expect(run.code == 64)
        #expect(
            run.error == "semcache: say where requests go: --upstream, $SEMCACHE_UPSTREAM, or upstream in the file\n"
        )
        let second = try await Tool.run("serve", "--exact", "--upstream", "http://127.0.0.1:9/v1")
        #expect(second.error == "semcache: give the folder of the cache: --data, $SEMCACHE_DATA, or data in the file\n")
        #expect(!FileManager.default.fileExists(atPath: folder.cache))
    }
}

import Foundation
import Testing

/// A disk that is full, may not be written to, or holds damaged files: one line, nothing lost, and no wrong answer.
@Suite struct DiskFaultTests {
    private func entries(_ folder: Folder) async throws -> Int {
        try #require(try await Tool.run("stats", "--json", "--data", folder.cache).json()["entries"] as? Int)
    }

    private func isOneLine(_ run: Tool.Run) -> Bool {
        run.error.hasPrefix("semcache: ") && run.error.split(separator: "\n").count == 1
    }

    @Test func aFullDiskEndsAnImportAndLosesNothing() async throws {
        let folder = try Folder()
        let answer = String(repeating: "long answer ", count: 200)
        let lines = (0..<2000).map { #"{"question": "Question \#($0)", "answer": "\#($0) \#(answer)"}"# }
        let file = try folder.write(lines.joined(separator: "\n"), to: "faq.jsonl")
        let run = try await Tool.run(["import", file, "--exact", "--data", folder.cache], fileLimit: 1024)
        #expect(run.code == 69)
        let stored = try await entries(folder)
        #expect(isOneLine(run))
        #expect(run.error.hasPrefix("semcache: the disk is full or does not take writes, nothing was stored; "))
        // Those that were under way may have been stored, too.
        let counted = try #require(run.error.firstMatch(of: #/; ([0-9]+) answers? stored before it/#)?.1)
        #expect(Int(counted).map { $0 > 0 && $0 <= stored } == true)
        #expect(stored > 0 && stored < 2000)
        // Which of them came in before the disk was full depends on the machine.
        let exported = try await Tool.run("export", "--data", folder.cache).output
        let kept = try #require(exported.firstMatch(of: #/Question ([0-9]+)/#)?.1)
        // Puts are refused, and what was acknowledged is served, while the disk is full.
        let put = try await Tool.run(
            ["put", "Other", answer + answer, "--exact", "--data", folder.cache],
            fileLimit: 8
        )
        #expect(put.code == 69)
        #expect(isOneLine(put), "\(put.error)")
        let get = try await Tool.run(["get", "Question \(kept)", "--exact", "--data", folder.cache], fileLimit: 64)
        #expect(get.output == "\(kept) \(answer)\n", "\(get.error)")
        // And there is room again.
        #expect(try await Tool.run("verify", "--data", folder.cache).code == 0)
        let again = try await Tool.run("import", file, "--exact", "--json", "--data", folder.cache).json()
        #expect(again["added"] as? Int == 2000 - stored)
        #expect(again["present"] as? Int == stored)
        #expect(try await Tool.run("verify", "--data", folder.cache).code == 0)
    }

    @Test(.enabled(if: Tool.canObeyPermissions, "needs setpriv when run by the superuser"))
    func aReadOnlyFolderIsReadAndNotWritten() async throws {
        let folder = try Folder()
        try await Tool.run("put", "Question", "Answer", "--exact", "--data", folder.cache)
        var files = try FileManager.default.contentsOfDirectory(atPath: folder.cache).map { folder.cache + "/" + $0 }
        func setMode(_ file: Int, _ directory: Int) throws {
            for path in files {
                try FileManager.default.setAttributes([.posixPermissions: file], ofItemAtPath: path)
            }
            try FileManager.default.setAttributes([.posixPermissions: directory], ofItemAtPath: folder.cache)
        }
        try setMode(0o400, 0o500)
        defer { try? setMode(0o600, 0o700) }
        let get = try await Tool.runObeyingPermissions(["get", "Question", "--exact", "--data", folder.cache])
        #expect(get.output == "Answer\n", "\(get.error)")
        #expect(try await Tool.runObeyingPermissions(["verify", "--data", folder.cache]).code == 0)
        // A copy without the files that readers and writers share, as an image holds it.
        try setMode(0o600, 0o700)
        for name in ["-wal", "-shm"] {
            try? FileManager.default.removeItem(atPath: folder.cache + "/semcache.sqlite" + name)
        }
        files.removeAll { $0.hasSuffix("-wal") || $0.hasSuffix("-shm") }
        try setMode(0o400, 0o500)
        let frozen = try await Tool.runObeyingPermissions(["get", "Question", "--exact", "--data", folder.cache])
        #expect(frozen.output == "Answer\n", "\(frozen.error)")
        let put = try await Tool.runObeyingPermissions(["put", "Other", "Answer", "--exact", "--data", folder.cache])
        #expect(put.code == 69)
        #expect(isOneLine(put) && put.error.contains("Permission denied"), "\(put.error)")
    }

    @Test func aFolderThatCannotBeMadeSaysWhy() async throws {
        let put = try await Tool.run("put", "Question", "Answer", "--exact", "--data", "/proc/semcache")
        #expect(put.code == 69)
        #expect(isOneLine(put) && put.error.contains("create the directory /proc/semcache"), "\(put.error)")
        let folder = try Folder()
        let file = try folder.write("", to: "file")
        let under = try await Tool.run("put", "Question", "Answer", "--exact", "--data", file)
        #expect(under.code == 69)
        #expect(under.error == "semcache: cannot create the directory \(file): File exists\n")
        let tag = try await Tool.run("put", "Question", "Answer", "--exact", "--tag", "", "--data", folder.cache)
        #expect(tag.code == 64 && tag.error.contains("a tag is empty"))
    }

    @Test func aDamagedRowIsFoundAndRepaired() async throws {
        let folder = try Folder()
        for number in 0..<5 {
            try await Tool.run("put", "Question \(number)", "Answer-\(number)", "--exact", "--data", folder.cache)
        }
        let database = URL(fileURLWithPath: folder.cache + "/semcache.sqlite")
        var bytes = try Data(contentsOf: database)
        let place = try #require(bytes.range(of: Data("Answer-3".utf8)))
        bytes[place.lowerBound] ^= 1
        try bytes.write(to: database)
        let get = try await Tool.run("get", "Question 3", "--exact", "--data", folder.cache)
        #expect(get.code == 1 && get.output.isEmpty)
        let found = try await Tool.run("verify", "--data", folder.cache)
        #expect(found.code == 65)
        #expect(found.output.contains("damaged"))
        #expect(found.error == "semcache: run verify --repair to mend it\n")
        #expect(try await Tool.run("verify", "--repair", "--data", folder.cache).code == 0)
        #expect(try await Tool.run("verify", "--data", folder.cache).code == 0)
        #expect(try await entries(folder) == 4)
        #expect(try await Tool.run("get", "Question 4", "--exact", "--data", folder.cache).output == "Answer-4\n")
    }

    /// Whatever a flipped byte of the header does to a command, it says so in one line or answers rightly.
    @Test func aDamagedHeaderIsToldInOneLine() async throws {
        let folder = try Folder()
        try await Tool.run("put", "Question", "Answer", "--exact", "--data", folder.cache)
        let database = URL(fileURLWithPath: folder.cache + "/semcache.sqlite")
        let sound = try Data(contentsOf: database)
        // Magic, page size, format versions, page count, schema format, text encoding, application id.
        for place in [0, 16, 18, 28, 44, 56, 68] {
            var damaged = sound
            damaged[place] ^= 0x81
            try damaged.write(to: database)
            for command in [["get", "Question", "--exact"], ["verify"], ["put", "Other", "Answer", "--exact"]] {
                let run = try await Tool.run(command + ["--data", folder.cache])
                #expect([0, 1, 65, 69].contains(run.code), "byte \(place), \(command): \(run.code) \(run.error)")
                #expect(run.code == 0 || isOneLine(run), "byte \(place), \(command): \(run.error)")
                if command[0] == "get", run.code == 0 { #expect(run.output == "Answer\n") }
            }
            for name in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: database.path + name) }
        }
    }
}

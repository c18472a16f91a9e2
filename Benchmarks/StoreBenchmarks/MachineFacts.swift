import BenchmarkSupport
import Foundation
import GRDB

/// What a commit and an fsync cost here, without the store.
struct MachineFacts {
    let commitMicroseconds: Double
    let fsyncMicroseconds: Double

    /// Commits one small row at a time to a database with a write-ahead log, and syncs a file after small writes.
    static func measure() throws -> MachineFacts {
        let directory = FileManager.default.temporaryDirectory.appending(path: "semcache-facts-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let pool = try DatabasePool(path: directory.appending(path: "facts.sqlite").path)
        let commits = 5000
        let commit = try pool.writeWithoutTransaction { db in
            try db.execute(sql: "CREATE TABLE t (n INTEGER PRIMARY KEY, v INTEGER)")
            let insert = try db.makeStatement(sql: "INSERT INTO t (v) VALUES (1)")
            return try BenchmarkClock.wall.seconds { for _ in 0..<commits { try insert.execute() } }
        }
        let file = directory.appending(path: "sync")
        let descriptor = open(file.path, O_RDWR | O_CREAT, 0o600)
        defer { close(descriptor) }
        let syncs = 50
        let bytes = [UInt8](repeating: 1, count: 4096)
        let sync = BenchmarkClock.wall.seconds {
            for _ in 0..<syncs {
                _ = pwrite(descriptor, bytes, bytes.count, 0)
                _ = fsync(descriptor)
            }
        }
        return MachineFacts(
            commitMicroseconds: commit / Double(commits) * 1e6,
            fsyncMicroseconds: sync / Double(syncs) * 1e6
        )
    }

    func printLines() {
        print(
            "one-row WAL commit: \(commitMicroseconds.rounded(places: 1)) us; "
                + "fsync: \(fsyncMicroseconds.rounded(places: 0)) us"
        )
    }
}

/// Bytes that the process has handed to the system to be written; unlike seconds, they do not depend on who else is there.
enum ProcessWrites {
    static func now() -> Int {
        let lines = (try? String(contentsOfFile: "/proc/self/io", encoding: .utf8)) ?? ""
        let line = lines.split(separator: "\n").first { $0.hasPrefix("wchar:") }
        return line.flatMap { Int($0.dropFirst(6).trimmingCharacters(in: .whitespaces)) } ?? 0
    }
}

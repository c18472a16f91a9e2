import Foundation
import TestSupport
import Testing

/// Several processes on one cache: one writes, the others read.
@Suite struct SharingTests {
    /// Opens a pipe for writing, as soon as somebody has it open for reading.
    private func open(_ fifo: String) async throws -> FileHandle {
        try await onOwnThread { Result { try FileHandle(forWritingTo: URL(fileURLWithPath: fifo)) } }.get()
    }

    /// Holds the writer's lock by an import whose file is a pipe that stays open.
    private func withWriter(_ folder: Folder, _ body: (Process) async throws -> Void) async throws {
        try await Tool.run("put", "Question", "Answer", "--exact", "--data", folder.cache)
        let fifo = folder.file("fifo")
        #expect(mkfifo(fifo, 0o600) == 0)
        let (process, _, _, _) = try Tool.start(["import", fifo, "--exact", "--data", folder.cache])
        // Opens as soon as the import has the pipe open, which it does when it holds the lock.
        let writer = try await open(fifo)
        do { try await body(process) } catch {
            process.terminate()
            throw error
        }
        try writer.close()
        await Tool.waitForEnd(of: process)
    }

    @Test func readersWorkBesideAWriterAndASecondWriterIsTold() async throws {
        let folder = try Folder()
        try await withWriter(folder) { writer in
            for reader in [["ls"], ["stats"], ["verify"], ["export"], ["get", "Question", "--exact"]] {
                let run = try await Tool.run(reader + ["--data", folder.cache])
                #expect(run.code == 0, "\(reader): \(run.error)")
            }
            let second = try await Tool.run("put", "Other", "Answer", "--exact", "--data", folder.cache)
            #expect(second.code == 69)
            #expect(second.error.contains("process \(writer.processIdentifier) is the writer of this directory"))
        }
        #expect(try await Tool.run("put", "Other", "Answer", "--exact", "--data", folder.cache).code == 0)
    }

    @Test func anInterruptedImportSaysSoAndLeavesASoundCache() async throws {
        let folder = try Folder()
        try await Tool.run("put", "Question", "Answer", "--exact", "--data", folder.cache)
        let fifo = folder.file("fifo")
        #expect(mkfifo(fifo, 0o600) == 0)
        let (process, _, _, error) = try Tool.start(["import", fifo, "--exact", "--data", folder.cache])
        let writer = try await open(fifo)
        try writer.write(contentsOf: Data(#"{"question": "half a li"#.utf8))
        process.interrupt()
        await Tool.waitForEnd(of: process)
        try? writer.close()
        let told = String(decoding: await Tool.everything(in: error), as: UTF8.self)
        #expect(process.terminationStatus == 130)
        #expect(told == "semcache: interrupted: 0 answers stored; start the import again to go on\n")
        #expect(try await Tool.run("verify", "--data", folder.cache).code == 0)
        #expect(try await Tool.run("stats", "--json", "--data", folder.cache).json()["entries"] as? Int == 1)
    }
}

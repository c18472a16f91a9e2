import Foundation
import Testing
import VectorKernels

@Suite struct MappedFileTests {
    private func withFile(_ content: Data, _ body: (String) throws -> Void) throws {
        let path = NSTemporaryDirectory() + "mapped-\(UUID().uuidString)"
        try content.write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        try body(path)
    }

    @Test(arguments: [0, 1, 4096, 10_000]) func bytesAreThoseOfTheFile(count: Int) throws {
        let content = Data((0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) })
        try withFile(
            content,
            {
                let file = try MappedFile(path: $0)
                #expect(file.count == count)
                #expect(file.withBytes { Data($0) } == content)
            }
        )
    }

    @Test func theMapOutlivesTheName() throws {
        var file: MappedFile?
        try withFile(Data([1, 2, 3])) { file = try MappedFile(path: $0) }
        #expect(file?.withBytes { Array($0) } == [1, 2, 3])
    }

    @Test func whatIsNoFileIsTold() {
        let missing = #expect(throws: MappedFile.Failure.self) { try MappedFile(path: "/none/such") }
        #expect(missing?.isMissing == true)
        let folder = #expect(throws: MappedFile.Failure.self) { try MappedFile(path: NSTemporaryDirectory()) }
        #expect(folder?.isMissing == false)
        #expect(folder?.reason == "it is not a regular file")
    }
}

import Foundation
import TestSupport

/// A process that stores until it is killed.
struct CrashChild {
    /// How the child ended and what it was acknowledged before.
    struct Outcome {
        let acknowledged: [UInt64]
        let status: Int32
        let wasKilled: Bool
    }

    let directory: String

    /// Runs the child and kills it with SIGKILL as soon as it told of so many acknowledged calls; nil lets it run.
    func run(
        from first: UInt64,
        killAfter count: Int?,
        fileLimit: Int? = nil,
        acknowledgingEarly isEarly: Bool = false,
        withLongLog hasLongLog: Bool = false,
        learning: Bool = false
    ) async throws -> Outcome {
        let arguments =
            [directory, String(first)] + (fileLimit.map { [String($0)] } ?? []) + (isEarly ? ["early"] : [])
            + (hasLongLog ? ["longlog"] : [])
            + (learning ? ["learn"] : [])
        return try await onOwnThread { Result { try Self.run(arguments, killAfter: count) } }.get()
    }

    private static func run(_ arguments: [String], killAfter count: Int?) throws -> Outcome {
        let process = Process()
        process.executableURL = executable
        process.arguments = arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        var bytes: [UInt8] = []
        var isKilled = false
        func killIfDue() {
            guard let count, bytes.count / 8 >= count, !isKilled else { return }
            kill(process.processIdentifier, SIGKILL)
            isKilled = true
        }
        killIfDue()
        // To the end of the pipe: what the child told before it was killed is still in there.
        while case let data = pipe.fileHandleForReading.availableData, !data.isEmpty {
            bytes += data
            killIfDue()
        }
        process.waitUntilExit()
        let numbers = stride(from: 0, to: bytes.count / 8 * 8, by: 8).map { offset in
            bytes.withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: UInt64.self)) }
        }
        return Outcome(
            acknowledged: numbers,
            status: process.terminationStatus,
            wasKilled: process.terminationReason == .uncaughtSignal
        )
    }

    /// The child's executable stands beside the test's own.
    private static var executable: URL {
        let own = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        return own.deletingLastPathComponent().appending(path: "StoreCrashChild")
    }
}

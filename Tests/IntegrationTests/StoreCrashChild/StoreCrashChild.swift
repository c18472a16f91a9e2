import SQLiteStorage
import SemanticCaching

#if canImport(Glibc)
import Glibc
#endif

/// Stores from four writers until it is killed, and tells its parent of every call that was acknowledged.
///
///     StoreCrashChild DIRECTORY FIRST-NUMBER [FILE-LIMIT-BYTES [early | longlog] | learn]
///
/// Each acknowledged number goes to standard output in 8 bytes, in one write, after the call returned. With a file
/// limit, files cannot grow beyond it, as on a full disk: the child then exits with 3 if the store said so and still
/// answers, with 4 otherwise. With `early`, calls are acknowledged before their commit; with
/// `longlog`, the log is folded in only when it cannot grow. With `learn` a person's words on
/// answers are stored instead.
@main struct StoreCrashChild {
    static func main() async {
        let arguments = CommandLine.arguments
        guard arguments.count >= 3, let first = UInt64(arguments[2]) else { exit(64) }
        if arguments.count > 3, let bytes = UInt(arguments[3]) { limitFiles(to: bytes) }
        do {
            var options = SQLiteStoreOptions()
            // Short, so that it is killed in the middle of folding the log in as well.
            if !arguments.contains("longlog") { options.logBytes = 1 << 20 }
            if arguments.contains("early") { options.durability = .acknowledgeBeforeCommit }
            let store = try await SQLiteStore.open(at: arguments[1], options: options)
            if arguments.contains("learn") { return try await LearningWorkload.run(on: store, tell) }
            await withTaskGroup(of: Void.self) { group in
                for writer in 0..<CrashWorkload.writers {
                    group.addTask { await write(from: first + writer, to: store) }
                }
            }
        } catch {
            exit(isFullDisk(error) ? 3 : 4)
        }
    }

    private static func write(from first: UInt64, to store: SQLiteStore) async {
        let workload = CrashWorkload()
        var number = first
        while true {
            do {
                switch workload.step(number) {
                case .insert:
                    let question = workload.question(number, of: number)
                    _ = try await store.insert(workload.entry(number), question: question)
                case .replace(let other):
                    let question = workload.question(number, of: number, key: other)
                    _ = try await store.insert(workload.entry(number), question: question)
                case .addQuestion(let other):
                    _ = try await store.addQuestion(workload.question(number, of: other))
                case .remove(let other):
                    _ = try await store.remove([workload.id(other)])
                }
            } catch {
                // Reading must go on when writing cannot.
                let isReadable = (try? await store.usage()) != nil
                exit(isReadable && isFullDisk(error) ? 3 : 4)
            }
            tell(number)
            number += CrashWorkload.writers
        }
    }

    private static func isFullDisk(_ error: any Error) -> Bool {
        (error as? CacheError)?.code == .storeUnavailable
    }

    private static func tell(_ number: UInt64) {
        let isTold = withUnsafeBytes(of: number.littleEndian) { Glibc.write(STDOUT_FILENO, $0.baseAddress, 8) == 8 }
        if !isTold { exit(1) }
    }

    private static func limitFiles(to bytes: UInt) {
        signal(SIGXFSZ, SIG_IGN)
        var limit = rlimit(rlim_cur: bytes, rlim_max: bytes)
        _ = setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
    }
}

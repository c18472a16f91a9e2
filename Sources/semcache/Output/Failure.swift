import ArgumentParser
import CacheServer
import CacheTuning
import Embeddings
import Glibc
import SemanticCaching

/// Ends the program: one line on standard error that says what to do, and the exit code of who must act.
enum Failure {
    /// The exit codes of sysexits.h that the tool uses.
    enum Code: Int32 {
        case usage = 64
        case badData = 65
        case unavailable = 69
        case bug = 70
    }

    /// The exit code of a question without an answer, and of an id that nothing has; as grep has it.
    static let notFound: Int32 = 1

    static func exit(with error: any Error) -> Never {
        guard let (code, message) = describe(error) else {
            // Help, version and wrong use are worded by the argument parser.
            SemcacheCommand.exit(withError: error)
        }
        Terminal.writeError("semcache: \(message)")
        Glibc.exit(code.rawValue)
    }

    private static func describe(_ error: any Error) -> (Code, String)? {
        switch error {
        case let error as CacheError: (code(of: error.code), error.message)
        case let error as EmbedderError: (.unavailable, error.description)
        case let error as DataFileError: (.badData, error.description)
        case let error as TuningError: (.badData, error.description)
        case let fault as ConfigurationFault: (fault.isInFile ? .badData : .usage, fault.description)
        case let error as UnavailableError: (.unavailable, error.message)
        case let fault as ListenFault: (.unavailable, fault.description)
        case let error as UsageError: (.usage, error.message)
        case is CancellationError: (.unavailable, "interrupted")
        case is ExitCode, is CleanExit, is ValidationError: nil
        default: isFromArgumentParser(error) ? nil : (.bug, "unexpected: \(error)")
        }
    }

    private static func code(of code: CacheError.Code) -> Code {
        switch code {
        case .dimensionMismatch, .invalidConfiguration, .invalidRequest, .notCached: .usage
        case .corruptSnapshot, .corruptStore, .schemaTooNew, .invalidData: .badData
        case .embedderUnavailable, .storeUnavailable, .storeLocked, .sharedTierUnavailable: .unavailable
        default: .bug
        }
    }

    private static func isFromArgumentParser(_ error: any Error) -> Bool {
        String(reflecting: type(of: error)).hasPrefix("ArgumentParser.")
    }
}

/// The command was used wrong in a way that shows only when it runs.
struct UsageError: Error {
    let message: String
}

/// Something the tool needs is not there; the message says how to get it.
struct UnavailableError: Error {
    let message: String
}

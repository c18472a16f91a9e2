import CBuildInformation
import Foundation
import VectorKernels

/// What `--version` prints: enough to tell two builds apart, and how fast one can be here.
enum BuildInformation {
    static let version = "0.1.0"

    static var text: String {
        """
        semcache \(version) (\(configuration), \(architecture), Swift \(compiler))
        commit \(String(cString: cbi_commit()))
        kernels \(InstructionSet.current.rawValue), BLAS \(BLASProvider.current.name)
        embedding model \(model)
        """
    }

    /// The model that questions are embedded with unless another is named.
    private static var model: String {
        let folder = EmbedderOptions.defaultModelFolder
        let isThere = FileManager.default.fileExists(atPath: folder)
        return URL(fileURLWithPath: folder).lastPathComponent + (isThere ? "" : " (not here: \(ModelScript.path))")
    }

    private static var configuration: String {
        #if DEBUG
        "debug"
        #else
        "release"
        #endif
    }

    private static var architecture: String {
        #if arch(x86_64)
        "x86_64"
        #elseif arch(arm64)
        "arm64"
        #else
        "another architecture"
        #endif
    }

    private static var compiler: String {
        #if compiler(>=6.4)
        "6.4 or newer"
        #elseif compiler(>=6.3)
        "6.3"
        #elseif compiler(>=6.2)
        "6.2"
        #else
        "6.1"
        #endif
    }
}

import Foundation

/// The script that fetches the default model, where this program has it.
enum ModelScript {
    /// That of the installation which the program belongs to; else the one of a clone of the project.
    static let path: String = {
        let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        let prefix = program.deletingLastPathComponent().deletingLastPathComponent()
        let installed = prefix.appendingPathComponent("share/semcache/fetch-model").path
        return FileManager.default.isExecutableFile(atPath: installed) ? installed : "scripts/fetch-model"
    }()
}

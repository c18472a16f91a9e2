import ArgumentParser
import Foundation

/// Shows or checks the configuration of the server, without starting it.
struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Show or check the configuration of `serve`.",
        discussion: """
            --print shows the settings in effect, each with where it comes from, in a form that can be kept as a file. \
            Secrets are not shown. --check reads a file and says nothing if it is right.
            """
    )

    @Flag(name: .customLong("print"), help: "Show the settings in effect; what happens without --check.")
    var prints = false

    @Option(name: .long, help: ArgumentHelp("Check this file, with the environment and the flags.", valueName: "file"))
    var check: String?

    @Flag(name: .long, help: "List every setting with its variable and its values.")
    var list = false

    @OptionGroup var flags: SettingsFlags

    func run() throws {
        guard !list else { return printList() }
        let outcome = try flags.reader(file: check, environment: ProcessInfo.processInfo.environment).read()
        if check != nil { try outcome.settings.check() }
        guard check == nil || prints else { return }
        Terminal.write(SettingsPrinter.text(of: outcome))
    }

    private func printList() {
        for setting in Setting<Settings>.all {
            Terminal.write("\(setting.path)  \(setting.summary)\(setting.isLive ? "" : " (restart)")")
            Terminal.write(
                "    $\(setting.environmentName); \(setting.expectation)\(setting.isSecret ? "; not shown" : "")"
            )
        }
    }
}

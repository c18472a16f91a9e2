import ArgumentParser
import SemanticCaching

/// Which questions an invalidation is about.
struct QuestionOptions: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("Only answers to a question like this; * is any text.", valueName: "glob"))
    var glob: String?

    @Option(name: .long, help: ArgumentHelp("Only answers to a question with a match of this.", valueName: "pattern"))
    var regex: String?

    @Option(
        name: .long,
        help: ArgumentHelp("Only answers to a question near this; needs the model.", valueName: "text")
    )
    var near: String?

    @Option(name: .long, help: ArgumentHelp("How near, as a cosine from 0 to 1.", valueName: "cosine"))
    var similarity: Float?

    func validate() throws {
        guard glob == nil || regex == nil else { throw ValidationError("give --glob or --regex, not both") }
        guard (near == nil) == (similarity == nil) else {
            throw ValidationError("--near and --similarity belong together: --near 'opening hours' --similarity 0.8")
        }
        guard similarity.map({ (0...1).contains($0) }) ?? true else {
            throw ValidationError("--similarity must be from 0 to 1")
        }
        _ = try pattern
    }

    /// The pattern, if there is one.
    var pattern: QuestionPattern? {
        get throws {
            do throws(PatternError) {
                if let glob { return try QuestionPattern(glob: glob) }
                return try regex.map { text throws(PatternError) in try QuestionPattern(regularExpression: text) }
            } catch {
                throw ValidationError("\(glob == nil ? "--regex" : "--glob"): \(error)")
            }
        }
    }
}

import ArgumentParser
import OpenAI
import SemanticCaching

/// Who has the last word on matches of which the policy is not sure.
struct VerifierOptions: ParsableArguments {
    /// What a request does while the verifier works.
    enum Mode: String, ExpressibleByArgument, CaseIterable {
        case blocking
        case asynchronous
    }

    @Option(name: .long, help: "Ask about matches that are not sure: llm or cross-encoder. [default: nobody]")
    var verifier: VerifierChoice.Kind?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Base URL of the OpenAI-compatible server of --verifier llm; its key is read from $SEMCACHE_VERIFIER_KEY.",
            valueName: "url"
        )
    )
    var verifierURL: String?

    @Option(
        name: .long,
        help: ArgumentHelp("Name of the model on that server, or folder of the cross-encoder.", valueName: "model")
    )
    var verifierModel: String?

    @Option(name: .long, help: "The score from which a cross-encoder agrees, from 0 to 1.")
    var verifierScore: Float = 0.9

    @Option(
        name: .long,
        help: """
            blocking: the request waits for the verifier. asynchronous: the model answers, and the wording is served \
            from the cache the next time.
            """
    )
    var verifierMode = Mode.blocking

    @Option(name: .long, help: "The similarity from which the verifier is asked, where a threshold decides.")
    var verifyFrom = VerificationSettings().lowestSimilarity

    @Option(name: .long, help: "The probability from which it is asked, where a learned policy decides.")
    var verifyProbability = VerificationSettings().lowestProbability

    @Option(name: .long, help: ArgumentHelp("The longest that a request waits, in seconds.", valueName: "seconds"))
    var verifierDeadline = 2.0

    @Flag(name: .long, help: "Let the model of --verifier llm also judge answers, for namespaces that learn.")
    var verifierJudges = false

    func validate() throws {
        guard (0...1).contains(verifierScore), (0...1).contains(verifyFrom), (0...1).contains(verifyProbability) else {
            throw ValidationError("--verifier-score, --verify-from and --verify-probability must be from 0 to 1")
        }
        guard verifierDeadline > 0, verifierDeadline <= 600 else {
            throw ValidationError("--verifier-deadline must be more than 0 and at most 600 seconds")
        }
        guard let verifier else {
            guard verifierURL == nil, verifierModel == nil, !verifierJudges else {
                throw ValidationError("--verifier-url, --verifier-model and --verifier-judges need --verifier")
            }
            return
        }
        guard verifierModel != nil else {
            throw ValidationError("--verifier \(verifier.rawValue) needs --verifier-model")
        }
        guard (verifier == .llm) == (verifierURL != nil) else {
            throw ValidationError("--verifier llm needs --verifier-url, and a cross-encoder has none")
        }
        guard verifier == .llm || !verifierJudges else {
            throw ValidationError("--verifier-judges needs --verifier llm: a cross-encoder compares questions")
        }
    }

    /// When namespaces ask the verifier.
    var settings: VerificationSettings {
        var settings = VerificationSettings()
        settings.mode = verifier == nil ? .off : verifierMode == .blocking ? .blocking : .asynchronous
        settings.lowestSimilarity = verifyFrom
        settings.lowestProbability = verifyProbability
        settings.deadline = .milliseconds(Int64(verifierDeadline * 1000))
        return settings
    }

    /// The verifier that the options name.
    ///
    /// - Throws: `UsageError` for an address that is none.
    var choice: VerifierChoice {
        get throws {
            var choice = VerifierChoice()
            choice.kind = verifier
            choice.model = verifierModel
            choice.score = verifierScore
            choice.judgesAnswers = verifierJudges
            do { choice.url = try verifierURL.map { try BaseURL($0) } } catch {
                throw UsageError(message: "--verifier-url: \(error)")
            }
            return choice
        }
    }
}

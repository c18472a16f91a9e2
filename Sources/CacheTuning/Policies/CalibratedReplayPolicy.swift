public import SemanticCaching

/// The learned policy under replay: the judge's word on misses and audits, aliases, refits in between.
public struct CalibratedReplayPolicy: ReplayPolicy {
    /// A judge that errs and does not see everything.
    public struct Judge: Hashable, Sendable {
        /// The share of misses that it judges; audits are always judged.
        public var rate = 1.0
        /// The share of right answers that it calls wrong.
        public var falseWrong = 0.0
        /// The share of wrong answers that it calls right.
        public var falseRight = 0.0
        /// The share of its judgements that are made three times, to learn how often it errs.
        public var repeatShare = 0.0

        /// Creates a judge; by default one that is always right and sees every miss.
        public init(rate: Double = 1, falseWrong: Double = 0, falseRight: Double = 0, repeatShare: Double = 0) {
            self.rate = rate
            self.falseWrong = falseWrong
            self.falseRight = falseRight
            self.repeatShare = repeatShare
        }
    }

    /// What a judge of one's own makes of the answer of a request's row and that of a stored row; nil if it cannot tell.
    public typealias Opinion = @Sendable (_ row: Int, _ stored: Int) -> Bool?

    /// What was decided of one request.
    public struct Step: Hashable, Sendable {
        /// The request's row.
        public let row: Int
        /// The row of the stored question that it was about.
        public let storedRow: Int
        /// The cosine of the two.
        public let similarity: Float
        /// The estimated probability that its answer is right; nil before the first fit.
        public let probability: Double?
        /// Whether it was served.
        public let isServed: Bool
        /// Whether it was, or would have been, right.
        public let isRight: Bool
    }

    /// What was decided, request by request, where there was a stored question to decide about.
    public private(set) var trail: [Step] = []
    /// The learner.
    public private(set) var learner: PolicyLearner
    /// How many judgements were asked for.
    public private(set) var judgementCount = 0
    private let judge: Judge
    private let givenOpinion: Opinion?
    let context: DecisionContext
    private let makesAliases: Bool
    private var generator: SplitMix64
    private var statistics: [Int: AnswerStatistics] = [:]
    private var centroids: [Int: [Float]] = [:]

    /// Creates the policy; until the first fit the prior decides, or the threshold and the guards where there is none.
    public init(
        settings: CalibrationSettings,
        coldThreshold: Float = 0.95,
        judge: Judge = Judge(),
        makesAliases: Bool = true,
        seed: UInt64 = 0,
        prior: ShippedPrior? = nil,
        opinion: Opinion? = nil
    ) {
        var settings = settings
        settings.seed = seed
        learner = PolicyLearner(settings: settings, embeddingModel: prior?.embeddingModel ?? "replay", prior: prior)
        self.judge = judge
        givenOpinion = opinion
        self.makesAliases = makesAliases
        context = DecisionContext(namespace: NamespaceID(), threshold: coldThreshold)
        // Not the numbers that the order of the requests was drawn with.
        generator = SplitMix64(seed: seed, stream: 1)
    }

    /// Decides, learns from what the judge says, and refits when enough is new.
    public mutating func handle(_ request: ReplayRequest) -> ReplayAction {
        // As in the engine, with all that was learned up to now. Not kept in a variable: a second owner of the learner's
        // tables would have them copied by the next line.
        let decision = learner.policy.decide(request.text, among: candidates(of: request), context: context)
        learner.observe(decision, of: request.text)
        defer { refit() }
        if let candidate = decision.candidate { note(decision, candidate, request) }
        if decision.outcome == .accept, let candidate = decision.candidate { return .serve(candidate) }
        guard let candidate = decision.candidate, let evidence = decision.evidence,
            decision.isAudit || judge.rate >= 1 || generator.nextUnit() < judge.rate
        else { return store(request, alias: nil) }
        guard let isRight = judgement(of: request, candidate) else { return store(request, alias: nil) }
        learner.learn(evidence, isRight: isRight, wasAudit: decision.isAudit)
        let answer = request.candidates[candidate].answer
        statistics[answer, default: AnswerStatistics()]
            .record(isRight: isRight, similarity: request.candidates[candidate].similarity)
        return store(request, alias: isRight && makesAliases ? candidate : nil)
    }

    /// The stored questions near a request, with what was judged of their answers.
    func candidates(of request: ReplayRequest) -> [HitCandidate] {
        request.hitCandidates { answer in
            (statistics[answer] ?? AnswerStatistics(), centroids[answer].map { Self.cosine($0, request) })
        }
    }

    private mutating func note(_ decision: HitDecision, _ candidate: Int, _ request: ReplayRequest) {
        trail.append(
            Step(
                row: request.row,
                storedRow: request.candidates[candidate].row,
                similarity: request.candidates[candidate].similarity,
                probability: decision.probability,
                isServed: decision.outcome == .accept,
                isRight: request.isRight(candidate)
            )
        )
    }

    private mutating func judgement(of request: ReplayRequest, _ candidate: Int) -> Bool? {
        judgementCount += 1
        if let givenOpinion { return givenOpinion(request.row, request.candidates[candidate].answer) }
        let truth = request.isRight(candidate)
        let first = opinion(on: truth)
        guard judge.repeatShare > 0, generator.nextUnit() < judge.repeatShare else { return first }
        judgementCount += 2
        let (second, third) = (opinion(on: truth), opinion(on: truth))
        learner.reliability.record(first: first, second: second, third: third)
        return first
    }

    private mutating func opinion(on truth: Bool) -> Bool {
        let draw = generator.nextUnit()
        return truth ? draw >= judge.falseWrong : draw < judge.falseRight
    }

    private mutating func store(_ request: ReplayRequest, alias: Int?) -> ReplayAction {
        let answer = alias.map { request.candidates[$0].answer } ?? request.row
        let dimension = request.trace.vectors.dimension
        let vector = request.trace.vectors.values[request.row * dimension..<(request.row + 1) * dimension]
        if var centroid = centroids[answer] {
            centroids[answer] = nil
            for (index, value) in zip(centroid.indices, vector) { centroid[index] += value }
            centroids[answer] = centroid
            statistics[answer, default: AnswerStatistics()].questionCount += 1
        } else {
            centroids[answer] = Array(vector)
        }
        return alias.map { .storeAlias(of: $0) } ?? .storeNew
    }

    private mutating func refit() {
        if learner.needsFit { learner.adopt(learner.problem.fitted()) }
    }

    private static func cosine(_ centroid: [Float], _ request: ReplayRequest) -> Float {
        let dimension = request.trace.vectors.dimension
        return centroid.withUnsafeBufferPointer { centroid in
            request.trace.vectors.values.withUnsafeBufferPointer { values in
                let length = EmbeddingTable.dot(centroid, 0, centroid, 0, dimension).squareRoot()
                let product = EmbeddingTable.dot(values, request.row * dimension, centroid, 0, dimension)
                return length > 0 ? product / length : 0
            }
        }
    }
}

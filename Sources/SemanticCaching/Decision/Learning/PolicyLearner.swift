/// Learns, for one namespace, which hits are right.
///
///     var learner = PolicyLearner(settings: settings, embeddingModel: model.id)
///     let decision = learner.policy.decide(question, among: candidates, context: context)
///     learner.observe(decision, of: question)
///     learner.learn(evidence, isRight: judged, wasAudit: decision.isAudit)       // when the judge has spoken
///     if learner.needsFit {
///         let problem = learner.problem
///         learner.adopt(problem.fitted(), of: problem, at: now)                  // the fit itself off the path
///     }
///
/// A value without clock, randomness or I/O: the same events give the same policy. Memory is bounded by the settings' window.
/// Its coded form carries what it was learned for, and is refused for anything else: see ``restored(_:embeddingModel:)``.
public struct PolicyLearner: Sendable, Codable {
    /// How it learns and decides.
    public var settings: CalibrationSettings
    /// The embedding model whose cosines it knows.
    public let embeddingModel: String
    /// What the rows mean: changes with the features and with the model.
    public let fingerprint: UInt64
    /// What was learned last.
    public private(set) var fit: CalibrationFit?
    /// When, if anything was.
    public private(set) var fittedAt: Timestamp?
    /// How many fits there were.
    public private(set) var fitNumber = 0
    /// How many labels came, remembered or not.
    public private(set) var labelCount = 0
    /// How many requests came.
    public private(set) var requestCount = 0
    /// How often the judge errs.
    public var reliability = JudgeReliability()
    /// By how much audits that contradict the estimate have cut the accepted rate; 1 if they have not.
    public private(set) var brake = 1.0
    /// Watches whether new labels agree with the curve.
    public private(set) var drift = DriftMonitor()

    private var labels: FeatureWindow
    private var requests: FeatureWindow
    private var frequencies = DocumentFrequencies()
    private var risk = WordRisk()
    /// The weights that the first fits are pulled towards: the prior's, or the parent's.
    ///
    /// With few labels of its own a namespace is much like others; with many it would only be held back.
    private var anchor: LogisticModel?
    private var audits: [Bool] = []
    private var labelsAtFit = 0
    private var requestsAtFit = 0

    /// Creates a learner that knows what ships for its embedding model, or nothing.
    public init(settings: CalibrationSettings = CalibrationSettings(), embeddingModel: String) {
        self.init(settings: settings, embeddingModel: embeddingModel, prior: ShippedPrior.prior(for: embeddingModel))
    }

    /// Creates a learner that begins with a prior, or with nothing.
    package init(settings: CalibrationSettings, embeddingModel: String, prior: ShippedPrior?) {
        self.settings = settings
        self.embeddingModel = embeddingModel
        fingerprint = Self.fingerprint(of: embeddingModel)
        labels = FeatureWindow(capacity: settings.window)
        requests = FeatureWindow(capacity: settings.window)
        begin(with: prior)
    }

    /// Creates a learner that decides by its parent's fit until it has one of its own; the parent's labels stay behind.
    public init(settings: CalibrationSettings, inheriting parent: PolicyLearner) {
        self.init(settings: settings, embeddingModel: parent.embeddingModel)
        guard parent.origin == .own || parent.origin == .parent, let inherited = parent.fit else { return }
        fit = inherited
        anchor = inherited.model
        if !settings.hasSameRate(as: parent.settings) { fit?.level = parent.level(of: inherited, for: settings) }
        fittedAt = parent.fittedAt
        frequencies = parent.frequencies
        risk = parent.risk
        origin = .parent
    }

    /// Decides by a prior until there is something better, or by threshold and guards if there is none.
    ///
    /// A rate of hits is promised on a namespace's own labels only: on a set that no prior has seen, the few hits at the beginning
    /// were wrong too often.
    mutating func begin(with prior: ShippedPrior?) {
        let prior = settings.countsErrorsPerHit ? nil : prior
        fit = prior?.fit(for: settings, brake: brake)
        anchor = prior?.model
        origin = fit == nil ? .none : .shipped
    }

    /// Whether nothing of it can end a lookup: the parts fit together, and every number is one.
    var isSound: Bool {
        let counts = [fitNumber, labelCount, requestCount, labelsAtFit, requestsAtFit]
        return settings.isSound && counts.allSatisfy { (0...(1 << 53)).contains($0) } && (1...8).contains(brake)
            && (fit?.isSound ?? true) && (anchor?.isSound ?? true) && labels.isSound && requests.isSound
            && frequencies.isSound && risk.isSound && drift.isSound && reliability.isSound
    }

    mutating func setLevel(_ level: Double) { fit?.level = level }

    /// What a model makes of the remembered requests, and which of them were served.
    func requestScores(of model: LogisticModel) -> (scores: [Double], wereServed: [Bool]) {
        let width = PolicyFeature.count
        let scores = (0..<requests.count).map { model.score(Array(requests.rows[$0 * width..<($0 + 1) * width])) }
        return (scores, requests.marks)
    }

    /// Where a fit comes from.
    public enum Origin: String, Hashable, Sendable, Codable {
        /// There is none: threshold and guards decide.
        case none
        /// The prior that ships for the embedding model, fitted on public data: see ``ShippedPrior``.
        case shipped
        /// The parent namespace.
        case parent
        /// The namespace's own labels.
        case own
    }

    /// Where the present fit comes from.
    public private(set) var origin = Origin.none

    /// The policy that decides by what is known now.
    public var policy: CalibratedPolicy {
        CalibratedPolicy(
            settings: settings,
            fit: fit,
            fitNumber: fitNumber,
            vetoes: origin == .shipped ? settings.guards.vetoing : settings.vetoesBesideFit,
            frequencies: frequencies,
            risk: risk
        )
    }

    /// The last audits, oldest first: whether the hit would have been right.
    public var lastAudits: [Bool] { audits }

    // MARK: - Events

    /// Notes a request and what the policy made of it.
    public mutating func observe(_ decision: HitDecision, of question: AnalyzedText) {
        requestCount += 1
        frequencies.add(question)
        guard let evidence = decision.evidence else { return }
        requests.append(evidence.features, mark: decision.outcome == .accept)
    }

    /// Learns from a judgement of the answer that a decision was about.
    public mutating func learn(_ evidence: DecisionEvidence, isRight: Bool, wasAudit: Bool) {
        learn(PolicyLabel(evidence: evidence, isRight: isRight, source: wasAudit ? .audit : .judge))
    }

    /// Learns from what somebody said of serving an answer to a question.
    ///
    /// What a person said of a pair stays, whatever a judge says of it later; and where the judge had spoken before, the
    /// person's word shows how often the judge errs.
    ///
    /// - Complexity: O(*w*) for a window of *w* labels.
    public mutating func learn(_ label: PolicyLabel) {
        if let pair = label.pair, let row = labels.row(of: pair) {
            guard label.source == .person else {
                if !labels.isFinal(row) { add(label) }
                return
            }
            if !labels.isFinal(row) {
                reliability.record(judgedRight: labels.marks[row], isRight: label.isRight)
            }
            labels.correct(row, mark: label.isRight)
            labelCount += 1
            return
        }
        add(label)
    }

    private mutating func add(_ label: PolicyLabel) {
        let evidence = label.evidence
        labelCount += 1
        labels.append(evidence.features, mark: label.isRight, pair: label.pair, isFinal: label.source == .person)
        risk.record(evidence.differingWords, isRight: label.isRight)
        // Data that trains says nothing of the stream: only what was asked can show that the topics change.
        guard label.source != .data else { return }
        if let fit {
            // A fit of another day may know this row already; the monitor only sees labels that came after it.
            let error = fit.curve.error(at: fit.model.score(evidence.features))
            drift.record(expectedError: expectedLabelError(error), isWrong: !label.isRight)
        }
        guard label.source == .audit else { return }
        audits.append(label.isRight)
        if audits.count > 60 { audits.removeFirst() }
        checkBrake()
    }

    /// What the judge will say of answers with this true error.
    private func expectedLabelError(_ error: Double) -> Double {
        error * (1 - reliability.falseRight) + (1 - error) * reliability.falseWrong
    }

    /// Raises the level at once when the audited hits are surely worse than promised.
    private mutating func checkBrake() {
        guard audits.count >= 8, var fit else { return }
        let count = Double(audits.count)
        let share = Double(audits.count { !$0 }) / count
        let a = reliability.falseWrong
        let rate = max(0, (share - a) / (1 - a - reliability.falseRight))
        let bound = rate - 1.28 * (max(share * (1 - share), 0.01) / count).squareRoot()
        let wrongPerRequest = settings.countsErrorsPerHit ? bound : bound * hitShare
        guard wrongPerRequest > settings.maximumErrorRate else { return }
        brake = min(8, brake * 1.5)
        audits.removeAll()
        // Halve the error that the level admits until the next fit.
        fit.level += 0.6931
        self.fit = fit
    }

    /// The share of hits among the remembered requests.
    public var hitShare: Double {
        requests.count == 0 ? 0 : Double(requests.marks.count { $0 }) / Double(requests.count)
    }

    // MARK: - Fitting

    /// Whether enough is new for a fit.
    public var needsFit: Bool {
        guard labels.count >= settings.labelsBeforeFit else { return false }
        return labelsAtFit == 0 || labelCount - labelsAtFit >= settings.labelsBetweenFits
            || requestCount - requestsAtFit >= settings.requestsBetweenFits
    }

    /// What a fit is made of.
    public var problem: CalibrationProblem {
        CalibrationProblem(
            settings: settings,
            rows: labels.rows,
            isRight: labels.marks,
            requestRows: requests.rows,
            requestWasServed: requests.marks,
            reliability: reliability,
            brake: brake,
            labelCount: labelCount,
            requestCount: requestCount,
            start: origin == .own ? fit?.model : nil,
            anchor: anchor?.scaled(by: max(0, 1 - Double(labels.count) / settings.labelsWithAnchor))
        )
    }

    /// Decides by a new fit from now on.
    public mutating func adopt(_ fit: CalibrationFit, at time: Timestamp? = nil) {
        install(fit, at: time, labels: labelCount, requests: requestCount)
    }

    /// Decides from now on by a fit that was computed while events went on: labels and requests that the problem does not
    /// know count towards the next fit, and if audits have raised the brake meanwhile, the fit gets the level that this one
    /// asks for.
    ///
    /// - Complexity: O(1); O(*w* log *w*) for a window of *w* requests if the brake was raised.
    public mutating func adopt(_ fit: CalibrationFit, of problem: CalibrationProblem, at time: Timestamp? = nil) {
        var fit = fit
        if brake > problem.brake { fit.level = max(fit.level, level(of: fit, for: settings)) }
        install(fit, at: time, labels: problem.labelCount, requests: problem.requestCount)
    }

    private mutating func install(_ fit: CalibrationFit, at time: Timestamp?, labels: Int, requests: Int) {
        self.fit = fit
        fittedAt = time
        fitNumber += 1
        origin = .own
        labelsAtFit = labels
        requestsAtFit = requests
        brake = max(1, brake * 0.95)
    }
}

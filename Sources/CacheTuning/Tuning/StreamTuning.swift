public import SemanticCaching

/// Policies compared on a labelled stream: settings are chosen on one half of the groups and measured on the other.
///
/// Each half has half of the groups only, and so fewer answers that a question can be mistaken for than the whole stream:
/// error rates, and thresholds, come out lower than the whole would have them.
public struct StreamTuning: Sendable {
    /// How one policy did on the held-out half.
    public struct Row: Sendable {
        /// The policy, in words.
        public let name: String
        /// Hits among requests.
        public let hitRate: BootstrapInterval
        /// Wrong hits among requests.
        public let errorRate: BootstrapInterval
        /// Right hits among hits.
        public let precision: Double
    }

    /// The threshold that one way of being sure allows, and how it kept the bound on the held-out half.
    public struct Level: Sendable {
        /// How sure.
        public let rule: RiskBound
        /// The threshold; nil if none is sure enough.
        public let threshold: Float?
        /// The requests that chose it, and the wrong hits among them.
        public let fit: (requests: Int, wrongHits: Int)
        /// Hits among the held-out requests.
        public let hitRate: Double
        /// Wrong hits among the held-out requests.
        public let errorRate: Double
    }

    /// The error rate asked for.
    public let maximumError: Double
    /// The threshold chosen on the other half, with guards.
    public let threshold: Float
    /// The threshold by each way of being sure; the last one, Clopper and Pearson's, is the recommended one.
    public let levels: [Level]
    /// Error and hit rate of thresholds with guards on the held-out half.
    public let guardedCurve: [(threshold: Float, error: Double, hit: Double)]
    /// What the calibrated policy decided, request by request.
    public let trail: [CalibratedReplayPolicy.Step]
    /// The held-out half, which ``trail`` refers to.
    public let heldOut: ReplayTrace
    /// The policies: threshold alone, with guards, calibrated.
    public let rows: [Row]
    /// Error and hit rate of thresholds on the held-out half.
    public let thresholdCurve: [(threshold: Float, error: Double, hit: Double)]
    /// Whether the calibrated policy is worth its judge: more hits within the same bound.
    public let recommendsCalibration: Bool

    /// Tunes and measures.
    ///
    /// Requests with times are played in their order, others in a random one.
    ///
    /// - Parameter prior: What the calibrated policy begins with.
    /// - Throws: ``TuningError/tooFewRows(found:needed:)`` for fewer than 200 requests,
    ///   ``TuningError/inseparable(smallerHalf:needed:)`` where one answer has nearly all of them.
    public init(
        _ trace: ReplayTrace,
        maximumError: Double,
        seed: UInt64 = 0,
        prior: ShippedPrior? = nil
    ) throws(TuningError) {
        guard trace.queries.count >= 200 else { throw .tooFewRows(found: trace.queries.count, needed: 200) }
        let (fit, heldOut) = try Self.halves(of: trace, seed: seed)
        let fits = Self.steps.map { Self.run(fit, $0, guarded: true, seed: seed) }
        let guardedRuns = Self.steps.map { Self.run(heldOut, $0, guarded: true, seed: seed) }
        levels = RiskBound.allCases.map { Self.level($0, fits, guardedRuns, maximumError: maximumError) }
        let chosen = levels.last?.threshold ?? 0.99
        var calibrated = CalibratedReplayPolicy(
            settings: CalibrationSettings(maximumErrorRate: maximumError),
            coldThreshold: max(chosen, 0.9),
            seed: seed,
            prior: prior
        )
        let learned = Replayer.run(heldOut, order: Self.order(heldOut, seed: seed), policy: &calibrated)
        let plain = Self.run(heldOut, chosen, guarded: false, seed: seed)
        let guarded = Self.run(heldOut, chosen, guarded: true, seed: seed)
        self.maximumError = maximumError
        threshold = chosen
        rows = [
            Self.row("threshold", plain), Self.row("threshold and guards", guarded),
            Self.row("calibrated, judge on every miss", learned),
        ]
        self.heldOut = heldOut
        trail = calibrated.trail
        guardedCurve = zip(Self.steps, guardedRuns).map { ($0, $1.errorRate, $1.hitRate) }
        thresholdCurve = Self.steps.map { step in
            let result = Self.run(heldOut, step, guarded: false, seed: seed)
            return (step, result.errorRate, result.hitRate)
        }
        recommendsCalibration = learned.errorRate <= maximumError && learned.hitRate > guarded.hitRate
    }

    /// The thresholds that are tried, from strict to lax.
    private static let steps = Array(stride(from: Float(0.99), through: 0.5, by: -0.02))

    /// The half that settings are chosen on and the one that is held out; what means the same is in one of them.
    private static func halves(
        of trace: ReplayTrace,
        seed: UInt64
    ) throws(TuningError) -> (fit: ReplayTrace, heldOut: ReplayTrace) {
        let split = HalfSplit(groups: trace.queries.map(\.group), seed: seed)
        try split.validate(atLeast: 10)
        return (try trace.selecting(split.fit), try trace.selecting(split.heldOut))
    }

    /// Plays a stream against one threshold.
    private static func run(_ trace: ReplayTrace, _ threshold: Float, guarded: Bool, seed: UInt64) -> ReplayResult {
        let order = order(trace, seed: seed)
        if guarded {
            var policy = StaticReplayPolicy(GuardedThresholdPolicy(), threshold: threshold)
            return Replayer.run(trace, order: order, policy: &policy)
        }
        var policy = StaticReplayPolicy(ThresholdPolicy(), threshold: threshold)
        return Replayer.run(trace, order: order, candidateLimit: 1, policy: &policy)
    }

    /// The laxest threshold that one way of being sure allows, by the runs over ``steps`` of both halves.
    private static func level(
        _ rule: RiskBound,
        _ fits: [ReplayResult],
        _ heldOut: [ReplayResult],
        maximumError: Double
    ) -> Level {
        // From strict to lax up to the first that fails: the last one that passes at all may pass by luck.
        let index = steps.indices.prefix { index in
            rule.bound(errors: fits[index].wrongHits, count: fits[index].requestCount) <= maximumError
        }.last
        return Level(
            rule: rule,
            threshold: index.map { steps[$0] },
            fit: (fits[0].requestCount, index.map { fits[$0].wrongHits } ?? 0),
            hitRate: index.map { heldOut[$0].hitRate } ?? 0,
            errorRate: index.map { heldOut[$0].errorRate } ?? 0
        )
    }

    private static func order(_ trace: ReplayTrace, seed: UInt64) -> [Int] {
        let times = trace.queries.compactMap(\.time)
        if times.count == trace.queries.count { return trace.queries.indices.sorted { times[$0] < times[$1] } }
        var generator = SplitMix64(seed: seed)
        return trace.queries.indices.shuffled(using: &generator)
    }

    private static func row(_ name: String, _ result: ReplayResult) -> Row {
        Row(
            name: name,
            hitRate: BootstrapInterval(meanOf: result.outcomes.map { $0 > 0 ? 1 : 0 }),
            errorRate: BootstrapInterval(meanOf: result.outcomes.map { $0 == 2 ? 1 : 0 }),
            precision: result.precision
        )
    }
}

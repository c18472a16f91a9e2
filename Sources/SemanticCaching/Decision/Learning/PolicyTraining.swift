internal import VectorKernels

/// Labels made of questions of which it is known who shares an answer, such as a FAQ with paraphrases.
///
///     let training = PolicyTraining(questions, with: learner, seed: 0)
///     learner.learn(training)
///
/// The questions are played once in a random order, each against those before it, as if every one had missed and its answer
/// had been judged by somebody who is never wrong.
public struct PolicyTraining: Sendable {
    /// A question whose answer is known.
    public struct Question: Sendable {
        /// The question.
        public let text: AnalyzedText
        /// Its unit vector.
        public let vector: [Float]
        /// Its answer.
        public let answer: EntryID

        /// Creates a question.
        public init(text: AnalyzedText, vector: [Float], answer: EntryID) {
            self.text = text
            self.vector = vector
            self.answer = answer
        }
    }

    struct Step: Sendable {
        let question: AnalyzedText
        let decision: HitDecision
        let label: PolicyLabel?
    }

    let steps: [Step]

    /// The number of labels.
    public var labelCount: Int { steps.count { $0.label != nil } }

    /// Plays the questions; the same ones and the same seed give the same labels.
    ///
    /// - Complexity: O(*n*² · *d*) for *n* vectors of *d* components.
    public init(_ questions: [Question], with learner: PolicyLearner, seed: UInt64) {
        var learner = learner
        var generator = SplitMix64(seed: seed)
        var earlier: [Question] = []
        var sums: [EntryID: (vector: [Float], count: Int)] = [:]
        var steps: [Step] = []
        for question in questions.shuffled(using: &generator) {
            let candidates = Self.candidates(of: question, among: earlier, sums, learner.settings.candidateLimit)
            let step = Self.step(question, candidates, learner.policy)
            learner.observe(step.decision, of: question.text)
            if let label = step.label { learner.learn(label) }
            steps.append(step)
            earlier.append(question)
            var sum =
                sums.removeValue(forKey: question.answer) ?? (Array(repeating: 0, count: question.vector.count), 0)
            for index in sum.vector.indices { sum.vector[index] += question.vector[index] }
            sum.count += 1
            sums[question.answer] = sum
        }
        self.steps = steps
    }

    private static func step(_ question: Question, _ candidates: [HitCandidate], _ policy: CalibratedPolicy) -> Step {
        let context = DecisionContext(namespace: NamespaceID(), threshold: 0.95)
        let decision = policy.decide(question.text, among: candidates, context: context)
        let label = decision.candidate.flatMap { index in
            decision.evidence.map { evidence in
                PolicyLabel(
                    evidence: evidence,
                    pair: PolicyLabel.pair(question.text, candidates[index].entry),
                    isRight: candidates[index].entry == question.answer,
                    source: .data
                )
            }
        }
        return Step(question: question.text, decision: decision, label: label)
    }

    private static func candidates(
        of question: Question,
        among earlier: [Question],
        _ sums: [EntryID: (vector: [Float], count: Int)],
        _ limit: Int
    ) -> [HitCandidate] {
        var nearest: [(index: Int, similarity: Float)] = []
        for (index, other) in earlier.enumerated() {
            let similarity = Float32Kernels.dot(question.vector.span, other.vector.span)
            if nearest.count == limit, similarity <= nearest[limit - 1].similarity { continue }
            let position = nearest.firstIndex { $0.similarity < similarity } ?? nearest.count
            nearest.insert((index, similarity), at: position)
            if nearest.count > limit { nearest.removeLast() }
        }
        return nearest.map { index, similarity in
            let other = earlier[index]
            let sum = sums[other.answer]
            let length = sum.map { Float32Kernels.dot($0.vector.span, $0.vector.span).squareRoot() } ?? 0
            let product = sum.map { Float32Kernels.dot($0.vector.span, question.vector.span) } ?? 0
            return HitCandidate(
                questionID: UInt64(index),
                entry: other.answer,
                text: other.text,
                similarity: similarity,
                centroidSimilarity: length > 0 ? product / length : nil,
                statistics: AnswerStatistics(questionCount: sum?.count ?? 1)
            )
        }
    }
}

extension PolicyLearner {
    /// Learns everything that data has to say, at once.
    public mutating func learn(_ training: PolicyTraining) {
        for step in training.steps {
            observe(step.decision, of: step.question)
            if let label = step.label { learn(label) }
        }
    }
}

internal import Embeddings
internal import Synchronization
internal import VectorSearch

extension SemanticCache {
    /// Looks for an answer to a question of the same meaning.
    func findByMeaning(_ request: CacheRequest, _ result: inout LookupResult) async {
        let settings = result.namespace.settings
        if let reason = reasonNotToCompare(request, settings) {
            if result.verdict.reason == .noCandidates { result.verdict.reason = reason }
            return
        }
        guard let embedder, let question = result.key?.question, let digest = result.key?.partition else { return }
        let embedding: Embedding
        do { embedding = try await embedder.embedding(of: question) } catch EmbedderError.invalidInput {
            result.isUnknownToModel = true
            result.verdict.reason = .tooLong
            return
        } catch {
            noteFailure(of: "embedder", error, in: result.namespace)
            result.verdict.reason = .embedderUnavailable
            return
        }
        if let reason = settings.reasonToDistrust(embedding, of: question, by: embedder.model) {
            result.isUnknownToModel = true
            result.verdict.reason = reason
            return
        }
        result.vector = embedding.vector
        // The embedder may have taken its time.
        guard !isBehind(result.namespace) else {
            result.verdict.reason = .sharedTierBehind
            return
        }
        let threshold = max(settings.threshold, request.controls.threshold ?? 0)
        do {
            var found = try await candidates(near: embedding.vector, digest, request, result.namespace)
            var context = DecisionContext(
                namespace: result.namespace.id,
                threshold: threshold,
                unknownTokenShare: embedding.unknownTokenShare
            )
            if asksVerifier(settings) {
                let lowest = settings.verification.lowestSimilarity
                context.uncertainSimilarity = max(lowest, request.controls.threshold ?? 0)
                context.uncertainProbability = settings.verification.lowestProbability
            }
            let asked = AnalyzedText(question)
            result.analysis = asked
            let proposal = decide(asked, embedding.vector, found, context, result)
            let (word, step) = await verified(proposal, of: question, among: found, settings)
            var decision = word
            if step?.outcome == .confirmed {
                try await look(again: &decision, among: &found, request, result.namespace)
            }
            result.decision = decision
            apply(decision, to: found, request, &result)
            result.verdict.verification = step
        } catch {
            noteFailure(of: "index", error, in: result.namespace)
            result.verdict.reason = .storeUnavailable
        }
    }

    /// Reads the chosen answer once more, as others had time to invalidate it while the verifier thought; an answer that may not
    /// be served any more, or is not the one that was confirmed, is rejected.
    private func look(
        again decision: inout HitDecision,
        among found: inout [NearbyQuestion],
        _ request: CacheRequest,
        _ namespace: NamespaceState
    ) async throws {
        guard let index = decision.candidate, found.indices.contains(index) else { return }
        let (chosen, isBehind) = (found[index], isBehind(namespace))
        let entry = try await store.entry(chosen.match.entry.id)
        if !isBehind, let entry, entry.reply == chosen.match.entry.reply {
            let match = StoredMatch(question: chosen.match.question, entry: entry)
            let freshness = freshness(of: entry, request, namespace)
            found[index] = NearbyQuestion(match: match, similarity: chosen.similarity, freshness: freshness)
            if freshness != .gone { return }
        }
        decision.outcome = .reject
        decision.reason = isBehind ? .sharedTierBehind : .tooOld
    }

    /// Whether a request may be matched in meaning, so far as it and its namespace say.
    func mayBeCompared(_ request: CacheRequest, _ settings: NamespaceSettings) -> Bool {
        reasonNotToCompare(request, settings) == nil
    }

    /// Why a request is matched word for word only; nil if it may be matched in meaning.
    private func reasonNotToCompare(_ request: CacheRequest, _ settings: NamespaceSettings) -> VerdictReason? {
        guard embedder != nil, settings.matchesMeaning, request.controls.mode == .semantic else { return .exactOnly }
        guard let question = request.question else { return .notAQuestion }
        // A model that may call tools acts: what it did for one wording may be wrong to repeat for another.
        if request.parameters.mayCallTools, !settings.storesToolCalls { return .exactOnly }
        if question.utf8.count > AnalyzedText.maximumBytes { return .tooLong }
        return question.count < settings.minimumQuestionLength ? .tooShort : nil
    }

    /// A stored question near the asked one, with its cosine.
    struct NearbyQuestion: Sendable {
        let match: StoredMatch
        let similarity: Float
        let freshness: Freshness
    }

    /// The questions nearest to a vector that still have a usable answer, most similar first.
    func candidates(
        near vector: [Float],
        _ digest: Digest256,
        _ request: CacheRequest,
        _ namespace: NamespaceState
    ) async throws -> [NearbyQuestion] {
        guard let partition = partitions[digest] else { return [] }
        let settings = namespace.settings
        // Expired and invalidated neighbours wait to be reclaimed; asking for more keeps them from hiding live ones.
        var wanted = settings.candidateCount
        while true {
            let neighbors = try partition.search(vector, count: wanted, minimumSimilarity: 0)
            let matches = try await store.matches(questions: neighbors.map(\.id))
            let byID = Dictionary(matches.map { ($0.question.id, $0) }, uniquingKeysWith: { first, _ in first })
            // A question that the store lost while its index was being filled is in nobody's way any longer.
            for neighbor in neighbors where byID[neighbor.id] == nil {
                partitions.remove(id: neighbor.id, from: digest)
            }
            let usable = neighbors.compactMap { neighbor -> NearbyQuestion? in
                guard let match = byID[neighbor.id], match.question.partition == digest else { return nil }
                // Stored by an earlier version, or brought by an import.
                guard match.question.text.utf8.count <= AnalyzedText.maximumBytes else { return nil }
                let freshness = freshness(of: match.entry, request, namespace)
                guard freshness != .gone else { return nil }
                return NearbyQuestion(match: match, similarity: neighbor.similarity, freshness: freshness)
            }
            if usable.count >= settings.candidateCount || neighbors.count < wanted || wanted >= 1024 {
                return Array(usable.prefix(settings.candidateCount))
            }
            wanted *= 4
        }
    }

    /// What the policy of the namespace makes of the questions that were found.
    func decide(
        _ asked: AnalyzedText,
        _ vector: [Float],
        _ found: [NearbyQuestion],
        _ context: DecisionContext,
        _ result: LookupResult
    ) -> HitDecision {
        let learning = result.namespace.learning
        let candidates = makeCandidates(of: found[...], near: vector, learning)
        guard let learning else { return policy.decide(asked, among: candidates, context: context) }
        return learning.decide(asked, among: candidates, context: context, isObserved: result.isObserved)
    }

    /// The stored questions as policies take them, with the records of their answers if the namespace learns.
    func makeCandidates(
        of found: ArraySlice<NearbyQuestion>,
        near vector: [Float],
        _ learning: NamespaceLearning?
    ) -> [HitCandidate] {
        let now = clock.now
        return found.map { nearby in
            let record = learning?.records.evidence(
                of: nearby.match.entry.id,
                for: vector,
                similarity: nearby.similarity
            )
            return HitCandidate(
                questionID: nearby.match.question.id,
                entry: nearby.match.entry.id,
                text: analyses.text(of: nearby.match.question, now: now),
                similarity: nearby.similarity,
                centroidSimilarity: record?.centroid,
                statistics: record?.statistics ?? AnswerStatistics()
            )
        }
    }

    private func apply(
        _ decision: HitDecision,
        to found: [NearbyQuestion],
        _ request: CacheRequest,
        _ result: inout LookupResult
    ) {
        result.candidates = found.map(\.match)
        let chosen = decision.candidate.flatMap { found.indices.contains($0) ? found[$0] : nil }
        // A learned policy goes by probability; what the request itself asks for binds all the same.
        let isNearEnough = (chosen?.similarity ?? 0) + 1e-6 >= request.controls.threshold ?? 0
        let isAccepted = decision.outcome == .accept && isNearEnough && !result.namespace.settings.isShadow
        if let chosen, isAccepted, chosen.freshness != .ifError {
            let outcome: Verdict.Outcome = chosen.freshness == .fresh ? .hit : .stale
            let reason = chosen.freshness == .fresh ? decision.reason : .stale
            result.verdict = makeVerdict(outcome, chosen.match.entry, tier: .semantic, reason: reason)
            noteUse(of: chosen.match.entry, result)
        } else {
            let isShadowHit = decision.outcome == .accept && result.namespace.settings.isShadow
            let reason: VerdictReason =
                isShadowHit
                ? .shadow
                : decision.outcome != .accept ? decision.reason : isNearEnough ? .tooOld : .belowThreshold
            // That there was nothing to compare with says less than what the tiers before had to say.
            if reason != .noCandidates { result.verdict.reason = reason }
            if decision.outcome == .accept, isNearEnough, !isShadowHit, result.fallback == nil {
                result.fallback = chosen.map { ($0.match.entry, .semantic) }
            }
        }
        result.verdict.similarity = chosen?.similarity ?? found.first?.similarity
        result.verdict.threshold = decision.threshold
        result.verdict.probability = decision.probability
        result.verdict.requiredProbability = decision.requiredProbability
        result.verdict.findings = decision.findings
        result.verdict.nearest = found.map { nearby in
            Verdict.Nearest(
                entry: nearby.match.entry.id,
                question: nearby.match.question.text,
                similarity: nearby.similarity
            )
        }
    }
}

internal import Embeddings
internal import FoundationEssentials
internal import Logging
internal import Synchronization

extension SemanticCache {
    /// The learned policy of a namespace as it is now, to be looked at; nil if the namespace does not learn.
    public func learnedPolicy(of namespace: NamespaceID) -> PolicyLearner? {
        namespaces[namespace].learning?.snapshot
    }

    /// Judges, off the serving path, whether the answer that the model gave says what the nearest stored answer says.
    ///
    /// The namespace learns from the verdict. Equal answers become one: the new wording joins the stored answer. So does a
    /// wording that the policy was unsure of, if the verifier agrees and the judge does not object. Judge and verifier read
    /// texts alone: of answers that are cut short, or more than their text, nothing is learned, and none becomes another.
    /// - Returns: The work, for those who play requests one after the other; nil if there is none.
    @discardableResult
    package func followUp(
        _ reply: CachedReply,
        storedAs fresh: EntryID?,
        after result: LookupResult
    ) -> Task<Void, Never>? {
        let isJudged =
            result.namespace.learning != nil && result.decision?.evidence != nil
            && Double.random(in: 0..<1) < result.namespace.settings.judgeRate
        guard isJudged || result.verdict.verification?.outcome == .deferred,
            let index = result.decision?.candidate, result.candidates.indices.contains(index)
        else { return nil }
        let stored = result.candidates[index].entry
        guard reply.isCompleteText, stored.reply.isCompleteText else { return nil }
        return Task(priority: .background) { [self] in
            guard !reply.hasMoreThanText, !stored.reply.hasMoreThanText else { return }
            do {
                var isSame = isJudged ? try await judged(reply, against: stored, after: result) : nil
                if isSame == nil, await isConfirmedLater(result) { isSame = true }
                if isSame == true, let fresh, fresh != stored.id {
                    try await merge(fresh, into: stored.id, after: result)
                }
            } catch {
                noteFailure(of: "learned policy", error, in: result.namespace)
            }
        }
    }

    /// The judge's word on two answers, from which the namespace learns; nil if it cannot tell.
    private func judged(
        _ reply: CachedReply,
        against stored: CacheEntry,
        after result: LookupResult
    ) async throws -> Bool? {
        guard let judge, let learning = result.namespace.learning, let decision = result.decision,
            let evidence = decision.evidence, let question = result.key?.question
        else { return nil }
        let asked = AnalyzedText(question)
        guard
            let isSame = await judge.isSameAnswer(fresh: reply.text, stored: stored.reply.text, question: asked)
        else { return nil }
        let label = PolicyLabel(
            evidence: evidence,
            pair: PolicyLabel.pair(asked, stored.id),
            isRight: isSame,
            source: decision.isAudit ? .audit : .judge
        )
        let similarity = result.verdict.similarity ?? 0
        try await learn(label, about: stored.id, at: similarity, in: result.namespace, learning)
        return isSame
    }

    /// Makes the questions of one answer wordings of another, and removes the answer that lost them.
    ///
    /// Both stay where one could not stand in for the other: whoever invalidates either by its tags must find it, and no
    /// wording may be served for longer than was said of it.
    private func merge(_ fresh: EntryID, into stored: EntryID, after result: LookupResult) async throws {
        let namespace = result.namespace
        guard let kept = try await store.entry(stored), let given = try await store.entry(fresh),
            Set(kept.tags) == Set(given.tags), kept.isFresh(at: clock.now, as: given), !given.expiresBefore(kept)
        else { return }
        let moved = try await store.moveQuestions(of: fresh, to: stored)
        guard !moved.isEmpty else { return }
        // Their numbers and vectors are the same, so the indexes have them already.
        forgetInMemory(moved.map(\.key))
        namespace.retention.remove([fresh])
        namespace.learning?.records.remove([fresh])
        for question in moved {
            if let vector = question.vector { namespace.learning?.records.add(vector, to: stored) }
            namespace.retention.addBytes(question.byteCount, to: stored)
            namespace.counters.countStore(isAlias: true)
        }
        // Who invalidates a wording may have found the answer that it was of, and finds nothing to remove now.
        if moved.contains(where: { invalidations.concerns(kept, $0, since: result.mark) }) {
            _ = noteRemoval(of: try await store.remove([stored]))
            return removeLater([fresh, stored], in: namespace)
        }
        await publish(moved, from: fresh, to: kept, in: namespace)
    }

    /// Makes what a namespace learned survive the process: its policy with the last audits, and the records of its answers.
    func saveLearning(of namespace: NamespaceState) async throws {
        guard let learning = namespace.learning else { return }
        _ = learning.takeUnsaved()
        do {
            let learner = learning.snapshot
            try await store.setMetadata(namespace.id.policyName, to: Array(try JSONEncoder().encode(learner)))
            let judged = learning.records.judged.bytes(embeddingModel: learner.embeddingModel)
            try await store.setMetadata(namespace.id.judgedAnswersName, to: judged)
        } catch {
            learning.noteUnsaved()
            throw error
        }
    }

    /// The same for every namespace that learned something since it was last saved.
    ///
    /// New fits and people's words are saved at once; the labels in between, and all of them before the first fit, now and then.
    func saveUnsavedLearning() async throws {
        for namespace in namespaces.all where namespace.learning?.takeUnsaved() == true {
            try await saveLearning(of: namespace)
        }
    }

    /// Reads what namespaces learned before; what was learned for another embedding model is left behind.
    func restoreLearning() async throws {
        guard let model = embedder?.model.id else { return }
        for name in try await store.metadataNames(prefix: NamespaceID.policyPrefix) {
            guard let id = NamespaceID(policyName: name), let data = try await store.metadata(name) else { continue }
            do {
                let stored = try JSONDecoder().decode(PolicyLearner.self, from: Data(data))
                let learner = try PolicyLearner.restored(stored, embeddingModel: model)
                let judged = try await store.metadata(id.judgedAnswersName).flatMap {
                    JudgedAnswers($0, embeddingModel: model)
                }
                namespaces.setLearner(learner, judged: judged, of: id)
            } catch {
                logger.warning("a learned policy starts anew", metadata: ["namespace": "\(id)", "error": "\(error)"])
            }
        }
    }
}

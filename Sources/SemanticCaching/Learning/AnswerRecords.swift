internal import Synchronization
internal import VectorKernels

/// What a learning namespace knows of each answer: how often it was right, and where its wordings lie.
final class AnswerRecords: Sendable {
    private struct Record {
        var statistics = AnswerStatistics(questionCount: 0)
        /// The sum of the unit vectors of the answer's wordings; its direction is their centroid.
        var sum: [Float] = []
    }

    private let records: Mutex<[EntryID: Record]>

    /// Creates records that begin with what was judged before, if anything was.
    init(judged: JudgedAnswers? = nil) {
        records = Mutex(judged?.statistics.mapValues { Record(statistics: $0) } ?? [:])
    }

    /// What was judged so far, to be stored.
    ///
    /// - Complexity: O(*n*) for *n* answers.
    var judged: JudgedAnswers {
        JudgedAnswers(
            records.withLock { records in
                records.compactMapValues { record in
                    record.statistics.judgedRight + record.statistics.judgedWrong > 0 ? record.statistics : nil
                }
            }
        )
    }

    /// Adds a wording of an answer.
    func add(_ vector: [Float], to entry: EntryID) {
        records.withLock { records in
            var record = records.removeValue(forKey: entry) ?? Record()
            if record.sum.isEmpty {
                record.sum = vector
            } else {
                for index in record.sum.indices { record.sum[index] += vector[index] }
            }
            record.statistics.questionCount += 1
            records[entry] = record
        }
    }

    /// Counts a judgement of an answer, unless the answer went while it was judged.
    func count(isRight: Bool, at similarity: Float, for entry: EntryID) {
        records.withLock { $0[entry]?.statistics.record(isRight: isRight, similarity: similarity) }
    }

    func countHit(of entry: EntryID) { records.withLock { $0[entry]?.statistics.hits += 1 } }

    func remove(_ entries: some Sequence<EntryID>) {
        records.withLock { records in for entry in entries { records[entry] = nil } }
    }

    /// The record of an answer, and the cosine of a unit vector and the centroid of its wordings.
    ///
    /// Of a single wording, as most answers have, that is the cosine of the two questions: their vectors are not read again.
    ///
    /// - Parameter similarity: The cosine of the vector and the wording of the answer that was found.
    /// - Complexity: O(*d*) for *d* components, O(1) for an answer of one wording.
    func evidence(
        of entry: EntryID,
        for vector: [Float],
        similarity: Float
    ) -> (statistics: AnswerStatistics, centroid: Float?) {
        let record = records.withLock { $0[entry] }
        guard let record else { return (AnswerStatistics(), nil) }
        if record.statistics.questionCount == 1 { return (record.statistics, similarity) }
        guard record.sum.count == vector.count else { return (record.statistics, nil) }
        let length = Float32Kernels.dot(record.sum.span, record.sum.span).squareRoot()
        guard length > 0 else { return (record.statistics, nil) }
        return (record.statistics, Float32Kernels.dot(record.sum.span, vector.span) / length)
    }
}

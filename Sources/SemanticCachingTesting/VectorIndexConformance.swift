public import VectorSearch

/// The checks that every ``/VectorSearch/VectorIndex`` must pass, so that anyone who writes one can prove it.
///
///     @Test(arguments: VectorIndexConformance.Check.allCases)
///     func conforms(_ check: VectorIndexConformance.Check) async throws {
///         try await VectorIndexConformance { FlatIndex(dimension: $0) }.run(check)
///     }
///
/// An approximate index names the recall that it promises; everything else is asked of all alike. The random vectors
/// lie in clusters, as embeddings do. A failure names the seed that repeats it.
public struct VectorIndexConformance: Sendable {
    /// One property of an index.
    public enum Check: String, CaseIterable, Sendable {
        /// A new index holds nothing, finds nothing and takes less than 4 KiB.
        case startsEmptyAndSmall
        /// Entries are found by their own vector, which comes back as it went in.
        case keepsWhatWasInserted
        /// Wrong dimensions, vectors without direction and taken ids are refused, and change nothing.
        case refusesBadInput
        /// Vectors of another length are taken for their direction.
        case scalesToUnitLength
        /// Results are distinct, ordered, as many as wanted, and their similarities are the inner products.
        case reportsTrueSimilarities
        /// The nearest are found, with the promised recall.
        case findsTheNearest
        /// Filters and the similarity floor hold for all results and lose none.
        case filters
        /// Removed entries are gone, and their ids free.
        case removes
        /// Any sequence of insertions and removals leaves what a dictionary would hold.
        case behavesLikeTheModel
        /// With many tasks at work, an entry is found from the end of its insertion to the start of its removal.
        case survivesConcurrentCalls
        /// The account of memory grows with the entries and covers at least their vectors.
        case accountsForMemory
    }

    /// The seed of the random vectors.
    public let seed: UInt64
    /// The share of nearest neighbours that must be found: 1 for an exact index.
    public let recall: Double
    let dimension: Int
    let makeIndex: @Sendable (Int) -> any VectorIndex

    /// Prepares the checks.
    ///
    /// - Parameters:
    ///   - seed: what makes the checks repeatable; random by default.
    ///   - dimension: components per vector.
    ///   - recall: the share of nearest neighbours that the index promises to find.
    ///   - makeIndex: makes a new, empty index of a dimension.
    public init(
        seed: UInt64 = .random(in: 0...UInt64.max),
        dimension: Int = 24,
        recall: Double = 1,
        makeIndex: @escaping @Sendable (Int) -> any VectorIndex
    ) {
        self.seed = seed
        self.dimension = dimension
        self.recall = recall
        self.makeIndex = makeIndex
    }

    /// Runs all checks.
    ///
    /// - Throws: ``ConformanceFailure`` of the first that fails, or what the index threw.
    public func run() async throws {
        for check in Check.allCases { try await run(check) }
    }

    /// Runs one check against a new index.
    ///
    /// - Throws: ``ConformanceFailure``, or what the index threw.
    public func run(_ check: Check) async throws {
        let trial = VectorIndexTrial(check: check, suite: self, index: makeIndex(dimension))
        switch check {
        case .startsEmptyAndSmall: try trial.startsEmptyAndSmall()
        case .keepsWhatWasInserted: try trial.keepsWhatWasInserted()
        case .refusesBadInput: try trial.refusesBadInput()
        case .scalesToUnitLength: try trial.scalesToUnitLength()
        case .reportsTrueSimilarities: try trial.reportsTrueSimilarities()
        case .findsTheNearest: try trial.findsTheNearest()
        case .filters: try trial.filters()
        case .removes: try trial.removes()
        case .behavesLikeTheModel: try trial.behavesLikeTheModel()
        case .survivesConcurrentCalls: try await trial.survivesConcurrentCalls()
        case .accountsForMemory: try trial.accountsForMemory()
        }
    }
}

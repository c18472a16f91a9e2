/// What the learned policy weighs, in the order of its weights.
public enum PolicyFeature: Int, CaseIterable, Sendable, Codable {
    /// The cosine of the two questions.
    case similarity
    /// The cosine of the two conversations; the questions' where there are none.
    case contextSimilarity
    /// The share of words in common, rare words counting more.
    case wordOverlap
    /// The share of runs of three letters in common.
    case letterOverlap
    /// The rarity of the rarest word that one side has exchanged for another.
    case exchangedWord
    /// The rarity of the rarest word on one side only.
    case unmatchedWord
    /// How many pairs of common words stand in the other order.
    case wordOrder
    /// The shorter question's length in words over the longer one's.
    case lengthRatio
    /// The words are the same.
    case sameWords
    /// Numbers, times, dates, amounts or identifiers exclude each other.
    case quantityConflict
    /// A number, time, date, amount or identifier on one side only.
    case quantityDoubt
    /// Members of a closed class exclude each other.
    case termConflict
    /// A member of a closed class on one side only.
    case termDoubt
    /// Antonyms or bounds exclude each other.
    case oppositeConflict
    /// A denial contradicts the other question.
    case negationConflict
    /// A denial on one side only.
    case negationDoubt
    /// Roles are exchanged.
    case directionConflict
    /// The question words differ.
    case questionType
    /// The times or persons differ.
    case tenseOrPerson
    /// Each side has a name of its own.
    case nameConflict
    /// One side has a name of its own.
    case nameDoubt
    /// How much nearer it is than the nearest other candidate.
    case margin
    /// How much nearer it is than the nearest candidate with another answer.
    case answerMargin
    /// The share of candidates that lead to the same answer.
    case vote
    /// The cosine to the centroid of the answer's wordings.
    case centroidSimilarity
    /// How many wordings lead to the answer, as a logarithm.
    case answerSize
    /// The odds that the answer was judged right before, as a logarithm.
    case answerRecord
    /// Whether the answer was ever judged wrong.
    case wasWrong
    /// How far the cosine lies above the highest at which the answer was judged wrong.
    case aboveWrong
    /// Whether the answer was ever judged right.
    case wasRight
    /// How far the cosine lies below the lowest at which the answer was judged right.
    case belowRight
    /// How far the cosine lies above 0.9.
    case highSimilarity
    /// How much likelier an answer was wrong when the riskiest of the differing words differed, as log-odds.
    case riskiestWord
    /// The same, on average over the words on one side only.
    case meanWordRisk

    /// The number of features.
    public static let count = allCases.count

    /// The sign that the weight must not leave, so that a higher cosine never makes a hit less likely; 0 for any.
    package var monotoneSign: Int {
        switch self {
        case .similarity, .contextSimilarity, .margin, .answerMargin, .aboveWrong, .highSimilarity, .centroidSimilarity:
            1
        case .belowRight: -1
        default: 0
        }
    }

    /// Whether it is a finding that can only speak against a hit: a prior for unknown data must not learn the contrary.
    var speaksAgainst: Bool {
        switch self {
        case .quantityConflict, .quantityDoubt, .termConflict, .termDoubt, .oppositeConflict, .negationConflict,
            .negationDoubt, .directionConflict, .questionType, .tenseOrPerson, .nameConflict, .nameDoubt, .riskiestWord,
            .meanWordRisk, .wasWrong:
            true
        default: false
        }
    }
}

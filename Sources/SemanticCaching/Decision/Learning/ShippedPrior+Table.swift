extension ShippedPrior {
    /// The priors that ship, one for each embedding model.
    ///
    /// Written by `ThresholdBenchmarks --sections prior --prior FILE`. Weights and rates are statistics, from which no text can
    /// be had back; Banking77 (PolyAI, CC BY 4.0), CLINC150 (Larson et al. 2019, CC BY 3.0) and HWU64 (Liu et al. 2019,
    /// CC BY 4.0) allow them with attribution. Nothing of Quora, the STS benchmark or SGD went in.
    package static let table: [ShippedPrior] = [
        ShippedPrior(
            embeddingModel: "all-MiniLM-L6-v2@61fe54ee",
            date: "2026-11-21",
            sources: ["Banking77", "CLINC150 + out of scope", "HWU64 with slots"],
            labelCount: 4497,
            fingerprint: 0x1988_a4e5_f364_fc5c,
            model: LogisticModel(
                weights: [
                    0.0000,  // similarity
                    0.0000,  // contextSimilarity
                    -0.3172,  // wordOverlap
                    2.0653,  // letterOverlap
                    -0.2342,  // exchangedWord
                    -1.2317,  // unmatchedWord
                    0.3043,  // wordOrder
                    -0.1019,  // lengthRatio
                    0.0166,  // sameWords
                    -0.4707,  // quantityConflict
                    -0.8876,  // quantityDoubt
                    0.0000,  // termConflict
                    -0.2177,  // termDoubt
                    -1.1460,  // oppositeConflict
                    0.0000,  // negationConflict
                    -0.1471,  // negationDoubt
                    -0.2196,  // directionConflict
                    0.0000,  // questionType
                    0.0000,  // tenseOrPerson
                    -0.0053,  // nameConflict
                    -0.3356,  // nameDoubt
                    1.2350,  // margin
                    4.0332,  // answerMargin
                    2.3028,  // vote
                    3.3000,  // centroidSimilarity
                    -0.2407,  // answerSize
                    0.6656,  // answerRecord
                    -0.2499,  // wasWrong
                    3.1510,  // aboveWrong
                    1.3579,  // wasRight
                    -3.5139,  // belowRight
                    0.2799,  // highSimilarity
                    0.0000,  // riskiestWord
                    0.0000,  // meanWordRisk
                ],
                intercept: -2.7914
            ),
            points: [
                Point(7.75, 0.0003, 0.0020),
                Point(7.50, 0.0003, 0.0020),
                Point(7.25, 0.0009, 0.0020),
                Point(7.00, 0.0009, 0.0020),
                Point(6.75, 0.0009, 0.0020),
                Point(6.50, 0.0009, 0.0020),
                Point(6.25, 0.0009, 0.0020),
                Point(6.00, 0.0009, 0.0020),
                Point(5.75, 0.0138, 0.0032),
                Point(5.50, 0.0138, 0.0032),
                Point(5.25, 0.0199, 0.0042),
                Point(5.00, 0.0322, 0.0042),
                Point(4.75, 0.0322, 0.0061),
                Point(4.50, 0.0322, 0.0070),
                Point(4.25, 0.0456, 0.0088),
                Point(4.00, 0.1776, 0.0113),
                Point(3.75, 0.1776, 0.0193),
                Point(3.50, 0.1776, 0.0263),
                Point(3.25, 0.1776, 0.0308),
                Point(3.00, 0.1776, 0.0361),
                Point(2.75, 0.1776, 0.0428),
                Point(2.50, 0.2524, 0.0538),
                Point(2.25, 0.2921, 0.0639),
                Point(2.00, 0.3996, 0.0797),
                Point(1.75, 0.3996, 0.0954),
                Point(1.50, 0.3996, 0.1088),
                Point(1.25, 0.4458, 0.1292),
                Point(1.00, 0.7654, 0.1529),
                Point(0.75, 0.7654, 0.1786),
                Point(0.50, 0.7654, 0.2138),
                Point(0.25, 0.7654, 0.2508),
                Point(0.00, 0.9238, 0.2951),
                Point(-0.25, 0.9238, 0.3467),
                Point(-0.50, 0.9238, 0.3825),
                Point(-0.75, 0.9238, 0.4283),
                Point(-1.00, 0.9238, 0.4705),
                Point(-1.25, 0.9492, 0.5166),
                Point(-1.50, 0.9492, 0.5558),
                Point(-1.75, 0.9492, 0.5896),
                Point(-2.00, 0.9492, 0.6135),
            ]
        )
    ]
}

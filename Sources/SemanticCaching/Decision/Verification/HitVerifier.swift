/// Gives the last word on a stored answer of which the policy is not sure.
///
///     struct Stern: HitVerifier {
///         let name = "stern"
///         func mayServe(_ pair: VerificationPair) async throws -> Bool { false }
///     }
///
/// It is asked about the uncertain band only (see ``VerificationSettings``), once for each pair however many ask at the same
/// time, and never for longer than the deadline. It fails closed: an error or a late answer is a miss.
public protocol HitVerifier: Sendable {
    /// What verdicts call it, such as `cross-encoder`.
    var name: String { get }

    /// Whether the stored answer may be served to the question that is asked.
    ///
    /// - Throws: anything; the request is then a miss.
    func mayServe(_ pair: VerificationPair) async throws -> Bool
}

extension ShippedPrior {
    /// The priors that ship, one for each embedding model; made by `scripts/fit-prior`.
    static let table: [ShippedPrior] = []
}

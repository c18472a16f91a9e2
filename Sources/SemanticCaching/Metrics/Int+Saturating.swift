extension Int {
    /// The whole number nearest to a value, or the end of the range that it lies beyond; 0 for what is no number.
    ///
    /// Prices and token counts come from providers and files: an absurd one must give an absurd figure, never a trap.
    init(saturating value: Double) {
        let rounded = value.rounded()
        self = Int(exactly: rounded) ?? (rounded.isNaN ? 0 : rounded < 0 ? .min : .max)
    }
}

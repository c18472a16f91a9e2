extension FixedWidthInteger {
    /// The sum, or the end of the range that it lies beyond.
    ///
    /// For counts that come from files and servers: an absurd one must give an absurd figure, never a trap, nor one that
    /// looks sound.
    package func addingSaturated(_ other: Self) -> Self {
        let (sum, isBeyond) = addingReportingOverflow(other)
        return isBeyond ? (other < 0 ? .min : .max) : sum
    }

    /// The difference, or the end of the range that it lies beyond.
    package func subtractingSaturated(_ other: Self) -> Self {
        let (difference, isBeyond) = subtractingReportingOverflow(other)
        return isBeyond ? (self < other ? .min : .max) : difference
    }
}

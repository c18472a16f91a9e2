/// A request control that cannot be read; its name is safe to show.
struct ControlFault: Error, Hashable {
    /// The header or field.
    let name: String
    /// What it must be.
    let expectation: String

    /// One sentence for the caller.
    var message: String { "\(name) must be \(expectation)" }
}

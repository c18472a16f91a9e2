/// Why an answer that is JSON is not the answer that the protocol promises; quotes nothing of it.
struct WireFault: Error, Hashable {
    let reason: String
}

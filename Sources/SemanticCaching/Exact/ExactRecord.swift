/// What the exact tier keeps of an answer: enough to serve it without asking the store.
///
/// A class, so that a hit retains one reference instead of copying a dozen.
package final class ExactRecord: Sendable {
    /// The answer.
    package let entry: CacheEntry
    /// The second digest of the request that it answers.
    package let check: Digest256

    /// Creates a record.
    package init(entry: CacheEntry, check: Digest256) {
        self.entry = entry
        self.check = check
    }
}

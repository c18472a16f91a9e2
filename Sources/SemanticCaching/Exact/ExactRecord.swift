/// What the exact tier keeps of an answer: enough to serve it without asking the store.
///
/// A class, so that a hit retains one reference instead of copying a dozen.
package final class ExactRecord: Sendable {
    /// What a request must match besides the key, so that a collision of keys is a miss.
    private enum Proof {
        case canonical([UInt8])
        case tag(SecretTag)
        case check(Digest256)
    }

    /// Short requests are compared as they are, which costs less than any digest; long ones by a tag of all their bytes.
    private static let maximumCanonicalBytes = 1024

    /// The answer.
    package let entry: CacheEntry
    private let proof: Proof

    /// Creates the record of an answer to a request.
    package init(entry: CacheEntry, key: RequestKey) {
        self.entry = entry
        if key.canonical.count <= Self.maximumCanonicalBytes {
            proof = .canonical(key.canonical)
        } else {
            proof = SecretTag(of: key.canonical).map(Proof.tag) ?? .check(key.makeCheck())
        }
    }

    /// Creates the record of an answer to a request of which only the second digest is known.
    package init(entry: CacheEntry, check: Digest256) {
        self.entry = entry
        proof = .check(check)
    }

    /// Whether the answer is to this very request.
    package func answers(_ key: RequestKey) -> Bool {
        switch proof {
        case .canonical(let bytes): bytes == key.canonical
        case .tag(let tag): tag == SecretTag(of: key.canonical)
        case .check(let digest): digest == key.makeCheck()
        }
    }

    /// Whether the answer is to the first `count` messages of a conversation.
    func answers(_ chain: ConversationChain, prefix count: Int) -> Bool {
        switch proof {
        case .canonical(let bytes): chain.canonical(ofPrefix: count).elementsEqual(bytes)
        case .tag(let tag): tag == SecretTag(of: chain.canonical(ofPrefix: count))
        case .check(let digest): digest == chain.makeCheck(ofPrefix: count)
        }
    }

    /// The bytes that the record adds to its answer.
    package var overheadBytes: Int {
        if case .canonical(let bytes) = proof { bytes.count + 64 } else { 96 }
    }
}

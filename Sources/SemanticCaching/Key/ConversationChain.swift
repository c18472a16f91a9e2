internal import StrictJSON

/// The hash chain over a conversation: one digest for each prefix, each made from the one before it and one message.
///
///     chain[0] = SHA-256(version ‖ scope ‖ parameters)
///     chain[i] = SHA-256(chain[i-1] ‖ canonical(message i))
///
/// Appending a message hashes that message alone, whatever came before it. Two conversations with a link in common are
/// the same up to there; which prefixes of a long one are known is therefore asked with the links of a single pass.
package struct ConversationChain: Sendable {
    /// `chain[0]`, then one digest for each message.
    package private(set) var links: [Digest256]
    private var encoder: CanonicalEncoder
    /// Where the canonical bytes of each prefix end; empty if nobody asks for prefixes.
    private var ends: [Int] = []
    private let keepsPrefixes: Bool

    /// All canonical bytes, behind a prefix that no link is made over.
    var canonical: [UInt8] { encoder.bytes }

    /// Starts a chain without messages.
    ///
    /// - Parameters:
    ///   - namespace: The namespace that the request is accounted to: the scope's, or the one that tenants share.
    ///   - keepsPrefixes: Whether ``makeCheck(ofPrefix:)`` will be asked for.
    package init(scopeOf request: CacheRequest, namespace: NamespaceID, keepsPrefixes: Bool = false) {
        self.keepsPrefixes = keepsPrefixes
        encoder = CanonicalEncoder(capacity: 256 + request.messages.count * 48 + request.approximateByteCount)
        encoder.write("semcache-check")
        let start = encoder.bytes.count
        encoder.write(tag: "k")
        encoder.write(count: KeyRules.version)
        encoder.write(namespace.tenant)
        encoder.write(namespace.name)
        encoder.write(request.scope.model)
        encoder.write(request.scope.promptVersion)
        encoder.write(request.parameters.fields.membersSortedByKey.filter(KeyRules.isKeyed))
        links = []
        links.reserveCapacity(request.messages.count + 1)
        links.append(encoder.digest(from: start))
        if keepsPrefixes { ends = [encoder.bytes.count] }
    }

    /// Extends the chain by a message.
    ///
    /// - Complexity: O(*n*) for *n* bytes of the message.
    package mutating func append(_ message: ChatMessage) {
        let start = encoder.writeLink(links[links.count - 1])
        encoder.write(message, withText: true)
        links.append(encoder.digest(from: start))
        if keepsPrefixes { ends.append(encoder.bytes.count) }
    }

    /// The link that the instructions of a conversation end with when nothing else is said in it, wherever they stand.
    ///
    /// - Complexity: O(*n*) for *n* messages, and for the bytes of instructions behind the first messages.
    func instructionLink(of request: CacheRequest) -> Digest256 {
        var link = links[request.instructionCount]
        for message in request.messages.dropFirst(request.instructionCount) where message.role.isInstruction {
            var encoder = CanonicalEncoder(capacity: 256)
            let start = encoder.writeLink(link)
            encoder.write(message, withText: true)
            link = encoder.digest(from: start)
        }
        return link
    }

    /// The canonical bytes of the first `count` messages.
    func canonical(ofPrefix count: Int) -> ArraySlice<UInt8> {
        precondition(keepsPrefixes, "the chain was made without prefixes")
        return encoder.bytes[..<ends[count]]
    }

    /// The second digest of the first `count` messages: a match of their link counts only if this matches too.
    package func makeCheck(ofPrefix count: Int) -> Digest256 {
        precondition(keepsPrefixes, "the chain was made without prefixes")
        return encoder.digest(upTo: ends[count])
    }
}

extension CacheRequest {
    /// A guess at the bytes of the texts, so that the canonical form is written without growing.
    fileprivate var approximateByteCount: Int {
        messages.reduce(0) { sum, message in
            if case .text(let text)? = message.content { sum + text.utf8.count } else { sum + 256 }
        }
    }
}

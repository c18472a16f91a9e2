internal import StrictJSON

/// The digests under which a request is known: what must be equal for an exact match, and what for a match in meaning.
///
///     let key = RequestKey(request, namespace: request.scope.namespace)
///
/// The conversation is a hash chain, so a longer one extends a shorter one by a digest a message:
///
///     chain[0]   = SHA-256(version ‖ scope ‖ parameters)
///     chain[i]   = SHA-256(chain[i-1] ‖ canonical(message i))
///     exact      = chain[n]
///     partition  = SHA-256(chain[n-1] ‖ what of message n is not its text)
///
/// Questions of one partition differ in the text of their last message and in nothing else that can change an answer. A
/// question that stands alone, in a namespace that matches such across conversations, has the link of all instructions,
/// wherever in the conversation they stand, in place of `chain[n-1]`. The embedding model is no part of it, so that a
/// change of model need not ask for the requests again: an index takes only vectors of the model in use.
package struct RequestKey: Sendable {
    /// `chain[0]`, then one digest for each message.
    package let chain: [Digest256]
    /// The text that is matched in meaning.
    package let question: String?
    /// All canonical bytes, behind a prefix that no link of the chain is made over.
    package let canonical: [UInt8]
    private let frame: Frame?

    /// What of a request its partition is made of.
    private struct Frame {
        let link: Digest256
        let isStandAlone: Bool
        let message: ChatMessage
    }

    /// The digest of the whole request: what must be equal for an exact match.
    package var exact: Digest256 { chain[chain.count - 1] }

    /// A second digest, of all canonical bytes in one piece: a match of ``exact`` counts only if this matches too.
    ///
    /// It is made on demand, because a miss needs none.
    package func makeCheck() -> Digest256 {
        Digest256(hashing: canonical)
    }

    /// What must be equal for a match in meaning; nil if the last message is no user's text.
    ///
    /// It is made each time that it is asked for, because a match word for word needs none.
    package var partition: Digest256? {
        guard let frame else { return nil }
        var encoder = CanonicalEncoder(capacity: 128)
        // What stands alone is compared among its like only: under the same instructions, but behind another tag.
        encoder.write(tag: frame.isStandAlone ? "x" : "p")
        encoder.write(frame.link)
        encoder.write(frame.message, withText: false)
        return encoder.digest(from: 0)
    }

    /// Makes the keys of a request.
    ///
    /// - Parameters:
    ///   - namespace: The namespace that the request is accounted to: the scope's, or the one that tenants share.
    ///   - isStandAlone: Whether the last message may be matched in meaning whatever was said before it.
    /// - Complexity: O(*n*) for *n* bytes of the request; one SHA-256 a message.
    package init(_ request: CacheRequest, namespace: NamespaceID, isStandAlone: Bool = false) {
        var conversation = ConversationChain(scopeOf: request, namespace: namespace)
        for message in request.messages { conversation.append(message) }
        chain = conversation.links
        canonical = conversation.canonical

        guard let question = request.question, let last = request.messages.last else {
            (self.question, frame) = (nil, nil)
            return
        }
        self.question = question
        let link = isStandAlone ? conversation.instructionLink(of: request) : chain[chain.count - 2]
        frame = Frame(link: link, isStandAlone: isStandAlone, message: last)
    }
}

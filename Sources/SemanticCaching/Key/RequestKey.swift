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
/// Questions of one partition differ in the text of their last message and in nothing else that can change an answer. The
/// embedding model is no part of it, so that a change of model need not ask for the requests again: an index takes only
/// vectors of the model in use.
package struct RequestKey: Sendable {
    /// `chain[0]`, then one digest for each message.
    package let chain: [Digest256]
    /// What must be equal for a match in meaning; nil if the last message is no user's text.
    package let partition: Digest256?
    /// The text that is matched in meaning.
    package let question: String?
    /// All canonical bytes, behind a prefix that no link of the chain is made over.
    package let canonical: [UInt8]

    /// The digest of the whole request: what must be equal for an exact match.
    package var exact: Digest256 { chain[chain.count - 1] }

    /// A second digest, of all canonical bytes in one piece: a match of ``exact`` counts only if this matches too.
    ///
    /// It is made on demand, because a miss needs none.
    package func makeCheck() -> Digest256 {
        Digest256(hashing: canonical)
    }

    /// Makes the keys of a request.
    ///
    /// - Parameter namespace: The namespace that the request is accounted to: the scope's, or the one that tenants share.
    /// - Complexity: O(*n*) for *n* bytes of the request; one SHA-256 a message.
    package init(_ request: CacheRequest, namespace: NamespaceID) {
        var encoder = CanonicalEncoder(capacity: 256 + request.messages.count * 48 + request.approximateByteCount)
        encoder.write("semcache-check")
        let start = encoder.bytes.count
        encoder.write(tag: "k")
        encoder.write(count: KeyRules.version)
        encoder.write(namespace.tenant)
        encoder.write(namespace.name)
        encoder.write(request.scope.model)
        encoder.write(request.scope.promptVersion)
        encoder.write(request.parameters.fields.membersSortedByKey.filter(KeyRules.isKeyed))

        var chain = [encoder.digest(from: start)]
        chain.reserveCapacity(request.messages.count + 1)
        for message in request.messages {
            let start = encoder.reserveDigest()
            encoder.setDigest(chain[chain.count - 1], at: start)
            encoder.write(message, withText: true)
            chain.append(encoder.digest(from: start))
        }
        self.chain = chain
        canonical = encoder.bytes

        guard let question = request.question, let last = request.messages.last else {
            (self.question, partition) = (nil, nil)
            return
        }
        self.question = question
        var context = CanonicalEncoder(capacity: 128)
        context.write(tag: "p")
        context.write(chain[chain.count - 2])
        context.write(last, withText: false)
        partition = context.digest(from: 0)
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

internal import SemanticCaching

/// What came of a pipeline of answers of one namespace; pure.
struct PipelineOutcome: Sendable {
    /// What is to be sent again, in its order.
    private(set) var waiting: [PublishQueue.Item] = []
    /// Whether the server is not able to store now.
    private(set) var isOutage = false
    private(set) var published = 0
    /// The answers that the server has no more use for.
    private(set) var refused = 0
    /// The answers that the server would refuse the next time, too: no room, or a key of another kind.
    private(set) var dropped = 0
    /// Why the first of those was refused.
    private(set) var reason: String?

    /// Reads the replies to a pipeline.
    ///
    /// An answer in doubt waits: soon this replica has heard of the invalidation, its own perhaps, and what that concerns is
    /// taken out of the queue. What was sent of the same answer behind it is sent behind it again, so that a wording does not
    /// miss its answer and the older state never comes last. Everything else stands: the script orders the answers to one
    /// question by their ids.
    ///
    /// - Parameter hearsChanges: Whether the changes of the namespace come to this replica: of one that it has let go it hears
    ///   no more, and the answer would be in doubt for ever.
    init(_ replies: [RedisValue], of items: [PublishQueue.Item], hearsChanges: Bool) {
        var waitingEntries: Set<EntryID> = []
        for (item, reply) in zip(items, replies) {
            guard case .publication(let publication) = item else { continue }
            let id = publication.entry.id
            if mustWait(reply, hearsChanges) || waitingEntries.contains(id) {
                waiting.append(item)
                waitingEntries.insert(id)
            } else {
                count(reply)
            }
        }
    }

    private mutating func mustWait(_ reply: RedisValue, _ hearsChanges: Bool) -> Bool {
        switch reply {
        case .integer(PutOutcome.doubtful.rawValue): return hearsChanges
        case .error(let text) where ServerFault(text)?.isOutage == true:
            isOutage = true
            return true
        default: return false
        }
    }

    private mutating func count(_ reply: RedisValue) {
        switch reply {
        case .integer(PutOutcome.stored.rawValue): published += 1
        case .integer: refused += 1
        default:
            dropped += 1
            if reason == nil, case .error(let text) = reply { reason = text }
        }
    }
}

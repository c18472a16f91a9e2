/// Where the engine keeps what it knows of a namespace's conversations: in a child of its own, so that their limits, their
/// eviction and their time to live are apart from the answers'.
extension NamespaceID {
    private static var conversationSuffix: String { "/~conversations" }

    /// The namespace of this namespace's prefixes and summaries.
    package var conversations: NamespaceID { NamespaceID(tenant: tenant, name: name + Self.conversationSuffix) }

    /// The namespace itself, or the one whose prefixes and summaries it has.
    var conversationOwner: NamespaceID {
        isConversationPart
            ? NamespaceID(tenant: tenant, name: String(name.dropLast(Self.conversationSuffix.count))) : self
    }

    /// Whether this is such a namespace; requests from outside do not reach it.
    package var isConversationPart: Bool { name.hasSuffix(Self.conversationSuffix) }
}

extension NamespaceSettings {
    /// Turns the settings of a namespace into those of its prefixes and summaries.
    mutating func serveConversationParts() {
        matchesMeaning = false
        maximumErrorRate = nil
        timeToLive = conversation.timeToLive
        conversation.mode = .full
        conversation.matchesAcrossContexts = false
        idleTimeout = nil
        staleWhileRevalidate = .zero
        staleIfError = .zero
        maximumEntries = conversation.maximumEntries
        eviction = .leastRecentlyUsed
        deterministicOnly = false
    }
}

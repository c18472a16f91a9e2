internal import StrictJSON

extension RequestKey {
    /// Makes the keys of a request as the namespace's settings for conversations say.
    ///
    /// A prompt that is to be shortened is another prompt, so how it is shortened is in the key; and a question may leave
    /// its context only where the namespace allows it and the detector sees that it stands alone.
    init(_ request: CacheRequest, in namespace: NamespaceID, settings: ConversationSettings) {
        let isStandAlone =
            settings.matchesAcrossContexts
            && request.question.map { StandAloneDetector.standard.standsAlone($0) } == true
        guard let tag = settings.promptTag, request.hasHistory else {
            self.init(request, namespace: namespace, isStandAlone: isStandAlone)
            return
        }
        var tagged = request
        tagged.parameters["semcache_context"] = .string(tag)
        self.init(tagged, namespace: namespace, isStandAlone: isStandAlone)
    }
}

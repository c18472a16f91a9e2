internal import Embeddings
internal import FoundationEssentials
internal import Logging

extension EntryStore {
    /// Keeps what tuning found best for a namespace; caches that are opened from now on heed it.
    ///
    /// - Throws: ``CacheError`` with `storeUnavailable`.
    public func setTunedSettings(_ settings: TunedSettings, of namespace: NamespaceID) async throws {
        try await setMetadata(namespace.tuningName, to: Array(try JSONEncoder().encode(settings)))
    }

    /// What tuning found best for a namespace; nil if nobody tuned it.
    ///
    /// - Throws: ``CacheError`` with `storeUnavailable`; `DecodingError` for settings of a later version.
    public func tunedSettings(of namespace: NamespaceID) async throws -> TunedSettings? {
        guard let bytes = try await metadata(namespace.tuningName) else { return nil }
        return try JSONDecoder().decode(TunedSettings.self, from: Data(bytes))
    }
}

extension SemanticCache {
    /// Heeds what tuning found best, where it was found for the present embedding model.
    func restoreTuning() async throws {
        guard configuration.usesTunedSettings, let model = embedder?.model.id else { return }
        for name in try await store.metadataNames(prefix: NamespaceID.tuningPrefix) {
            guard let id = NamespaceID(tuningName: name) else { continue }
            do {
                guard let tuned = try await store.tunedSettings(of: id) else { continue }
                guard tuned.embeddingModel == model else {
                    let about: Logger.Metadata = ["namespace": "\(id)", "model": "\(tuned.embeddingModel)"]
                    logger.warning("settings that were tuned for another embedding model are not used", metadata: about)
                    continue
                }
                namespaces.setTuned(tuned, of: id)
            } catch let error as DecodingError {
                logger.warning(
                    "tuned settings cannot be read",
                    metadata: ["namespace": "\(id)", "error": "\(error)"]
                )
            }
        }
    }
}

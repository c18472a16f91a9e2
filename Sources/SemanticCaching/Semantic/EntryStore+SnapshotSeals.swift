extension EntryStore {
    private static var sealsName: String { "snapshot-seals" }

    /// The seals of the last copies of the indexes: more than one, because a copy may fail after its seal was noted.
    package func snapshotSeals() async throws -> [Digest256] {
        let bytes = try await metadata(Self.sealsName) ?? []
        return stride(from: 0, to: bytes.count, by: 32).compactMap { start in
            Digest256(bytes: bytes[start..<min(start + 32, bytes.count)])
        }
    }

    /// Notes the seal of a copy that is about to appear.
    func noteSnapshotSeal(_ seal: Digest256) async throws {
        let recent = try await snapshotSeals().suffix(3) + [seal]
        try await setMetadata(Self.sealsName, to: recent.flatMap(\.bytes))
    }
}

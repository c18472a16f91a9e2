internal import SemanticCaching

/// Selectors of invalidations as they travel in the stream.
enum SelectorCodec {
    private static let header: [UInt8] = [0x53, 0x43, EntryCodec.version, UInt8(ascii: "S")]

    static func encode(_ selector: InvalidationSelector) -> [UInt8] {
        var writer = ByteWriter(header: header)
        writer.write(optional: selector.ids) { writer, ids in
            writer.write(count: ids.count)
            for id in ids { writer.write(raw: id.bytes) }
        }
        let filter = selector.filter
        writer.write(optional: filter.namespace) { writer, namespace in
            writer.write(namespace.tenant)
            writer.write(namespace.name)
        }
        for text in [filter.tag, filter.model, filter.promptVersion, filter.questionPrefix, selector.tenant] {
            writer.write(optional: text) { $0.write($1) }
        }
        for time in [filter.createdBefore, filter.expiredAt] {
            writer.write(optional: time) { $0.write(signed: $1.milliseconds) }
        }
        writer.write(optional: filter.epochBefore) { $0.write($1) }
        writer.write(optional: selector.namespaces) { $0.write($1.text) }
        writer.write(optional: selector.question) { writer, pattern in
            writer.write(pattern.kind.rawValue)
            writer.write(pattern.text)
        }
        return writer.sealed()
    }

    static func decode(_ bytes: [UInt8]) throws(CodecError) -> InvalidationSelector {
        var reader = try ByteReader(bytes, header: header)
        var selector = InvalidationSelector()
        selector.ids = try reader.optional { (reader) throws(CodecError) in
            var ids: Set<EntryID> = []
            for _ in 0..<(try reader.count(ofAtLeast: 16)) {
                if let id = EntryID(bytes: try reader.raw(16)) { ids.insert(id) }
            }
            return ids
        }
        selector.filter.namespace = try reader.optional { (reader) throws(CodecError) in
            NamespaceID(tenant: try reader.text(), name: try reader.text())
        }
        func text() throws(CodecError) -> String? {
            try reader.optional { (reader) throws(CodecError) in try reader.text() }
        }
        func time() throws(CodecError) -> Timestamp? {
            try reader.optional { (reader) throws(CodecError) in Timestamp(milliseconds: try reader.signed()) }
        }
        selector.filter.tag = try text()
        selector.filter.model = try text()
        selector.filter.promptVersion = try text()
        selector.filter.questionPrefix = try text()
        selector.tenant = try text()
        selector.filter.createdBefore = try time()
        selector.filter.expiredAt = try time()
        selector.filter.epochBefore = try reader.optional { (reader) throws(CodecError) in try reader.number() }
        selector.namespaces = try text().map { NamespacePattern($0) }
        selector.question = try reader.optional { (reader) throws(CodecError) in
            guard let kind = QuestionPattern.Kind(rawValue: try reader.text()) else { throw CodecError.malformed }
            let text = try reader.text()
            do { return try QuestionPattern(kind, text) } catch { throw CodecError.malformed }
        }
        guard reader.isAtEnd else { throw .malformed }
        return selector
    }
}

extension ChatContent {
    /// Creates a text from bytes that should be UTF-8, such as the output of a tool.
    ///
    /// Bytes that are no text are refused instead of repaired: two different outputs must not become one key. Send them
    /// as ``ContentPart/data(_:mediaType:)``, which is known to the key by its digest.
    /// - Throws: ``CacheError`` with `invalidRequest`, naming the first byte that is not UTF-8.
    /// - Complexity: O(*n*) for *n* bytes.
    public init(utf8 bytes: some Collection<UInt8>) throws(CacheError) {
        let bytes = Array(bytes)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw CacheError(.invalidRequest, "the text is not UTF-8 at byte \(Self.firstFault(in: bytes))")
        }
        self = .text(text)
    }

    /// The offset behind the last whole character before the fault.
    private static func firstFault(in bytes: [UInt8]) -> Int {
        var decoder = UTF8()
        var iterator = bytes.makeIterator()
        var offset = 0
        while case .scalarValue(let scalar) = decoder.decode(&iterator) { offset += UTF8.width(scalar) }
        return offset
    }
}

public import StrictJSON

/// What a message says: text, or parts of which some may be images, audio or files.
public enum ChatContent: Hashable, Sendable {
    /// Plain text.
    case text(String)
    /// Several parts in order.
    case parts([ContentPart])

    /// The whole content as one text; nil as soon as a part is not text.
    public var plainText: String? {
        switch self {
        case .text(let text): return text
        case .parts(let parts):
            var texts: [String] = []
            for part in parts {
                guard case .text(let text) = part else { return nil }
                texts.append(text)
            }
            return texts.count == 1 ? texts[0] : texts.joined(separator: "\n")
        }
    }
}

/// One part of a message's content.
public enum ContentPart: Hashable, Sendable {
    /// Text.
    case text(String)
    /// Bytes of a media type, known to the key by their digest alone.
    case data(mediaType: String, digest: Digest256)
    /// A part in its wire form (an image address, audio, a file, a newer kind), known to the key by its digest.
    case other(JSONValue)

    /// Whether the part is text.
    public var isText: Bool { if case .text = self { true } else { false } }

    /// Creates a part from bytes that are not text, such as an image.
    ///
    /// - Complexity: O(*n*) for *n* bytes, hashed once.
    public static func data(_ bytes: some Collection<UInt8>, mediaType: String) -> ContentPart {
        .data(mediaType: mediaType, digest: Digest256(hashing: Array(bytes)))
    }
}

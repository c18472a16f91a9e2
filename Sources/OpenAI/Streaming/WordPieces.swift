/// Cuts text into the pieces in which a cached reply is replayed: a word with the white space before it.
enum WordPieces {
    /// The pieces, which joined are the text.
    ///
    /// A run without white space, such as Chinese or a long link, is cut after `maximumCharacters`, between
    /// characters and never inside one.
    static func pieces(of text: String, maximumCharacters: Int = 24) -> [Substring] {
        var pieces: [Substring] = []
        var start = text.startIndex
        var length = 0
        var hasWord = false
        for index in text.indices {
            let isSpace = text[index].isWhitespace
            if (isSpace && hasWord) || length == maximumCharacters {
                pieces.append(text[start..<index])
                start = index
                length = 0
                hasWord = false
            }
            length += 1
            if !isSpace { hasWord = true }
        }
        if start < text.endIndex { pieces.append(text[start...]) }
        return pieces
    }
}

import SemanticCaching

@testable import LocalEmbeddings
@testable import VectorSearch

extension FuzzTarget {
    /// A header of a safetensors file: refused, or its tensors lie in the file.
    static let safetensors = FuzzTarget(name: "safetensors") { bytes in
        try bytes.withUnsafeBytes { file in
            guard let header = try? SafetensorsHeader(file: file) else { return }
            for tensor in header.tensors.values {
                try demand(tensor.bytes.lowerBound >= 8 && tensor.bytes.upperBound <= file.count, "outside the file")
            }
        }
    }

    /// A vocabulary, a zero byte, a text: every token is one of the vocabulary.
    static let tokenizer = FuzzTarget(name: "tokenizer") { bytes in
        let (vocabulary, textBytes) = bytes.halves(at: 0)
        let text = String(decoding: textBytes, as: UTF8.self)
        var configuration = TokenizerConfiguration()
        configuration.maximumTokens = 16
        let known = Array("[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\n##a\nb\n##b\n1\n!\n".utf8)
        let file = bytes.contains(0) ? vocabulary : known
        guard let tokenizer = try? WordPieceTokenizer(vocabulary: file, configuration: configuration) else { return }
        for sequence in [tokenizer.encode(text), tokenizer.encode(text, String(text.reversed()))] {
            try demand(sequence.ids.count <= 16, "more tokens than the model reads")
            try demand(
                sequence.ids.allSatisfy { 0 <= $0 && Int($0) < tokenizer.vocabularyCount },
                "a token that is none of the vocabulary's"
            )
        }
    }

    /// A vocabulary of byte pairs, a zero byte, a text: no more tokens than bytes.
    static let bytePairs = FuzzTarget(name: "byte-pairs") { bytes in
        let (vocabulary, textBytes) = bytes.halves(at: 0)
        let text = String(decoding: textBytes, as: UTF8.self)
        for counter in [
            try? BytePairTokenCounter(tiktoken: singleBytes + vocabulary),
            try? BytePairTokenCounter(tokenizerJSON: vocabulary),
        ] {
            guard let counter else { continue }
            let count = counter.count(text)
            try demand((0...text.utf8.count).contains(count), "\(count) tokens in \(text.utf8.count) bytes")
            try demand((count == 0) == text.isEmpty, "tokens of nothing")
        }
    }

    /// The lines of tiktoken's format that every vocabulary must have.
    private static let singleBytes: [UInt8] = (0...255).flatMap { byte in
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        return [digits[byte >> 2], digits[(byte & 3) << 4]] + Array("== \(byte)\n".utf8)
    }

    /// A snapshot, damaged under right checksums so that what stands behind them is met: refused, or sound.
    static let indexSnapshot = FuzzTarget(name: "index-snapshot", madeSeeds: SnapshotForge.seeds) { bytes in
        let image = SnapshotForge.repaired(bytes)
        if let index = try? FlatIndex(snapshot: image) { try use(index) }
        if let index = try? HNSWIndex(snapshot: image) { try use(index) }
        if let index = try? AutoIndex(snapshot: image) { try use(index) }
        // Without the repair a part of a snapshot is never one, nor is one with another byte in it.
        guard !image.isEmpty, (try? FlatIndex(snapshot: image)) != nil else { return }
        let place = Int(bytes.last ?? 0) * image.count / 256
        try demand((try? FlatIndex(snapshot: Array(image[..<place]))) == nil, "a part of a snapshot is accepted")
        var damaged = image
        damaged[place] ^= 0x10
        try demand((try? FlatIndex(snapshot: damaged)) == nil, "byte \(place) of a snapshot is not looked at")
    }

    private static func use(_ index: some VectorIndex) throws {
        guard index.dimension <= 4096 else { return }
        var query = [Float](repeating: 0, count: index.dimension)
        query[0] = 1
        let found = try demanded(try index.search(query, count: 4), "a search in a sound index fails")
        try demand(found.count <= 4 && found.allSatisfy { $0.similarity.isFinite }, "an impossible similarity")
        for neighbor in found { try demand(index.remove(id: neighbor.id), "what was found cannot be removed") }
        guard (try? index.insert(query, id: UInt64.max - 1)) != nil else { return }
        try demand(index.contains(id: UInt64.max - 1), "what was inserted is not there")
    }
}

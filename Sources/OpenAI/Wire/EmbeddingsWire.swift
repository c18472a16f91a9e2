import StrictJSON

/// The request and the answer of `POST /v1/embeddings`.
enum EmbeddingsWire {
    /// The request's body.
    static func request(
        texts: [String],
        model: String,
        dimensions: Int?,
        encoding: OpenAIEmbedder.Encoding
    ) -> [UInt8] {
        var body: JSONObject = ["model": .string(model), "input": .array(texts.map(JSONValue.string))]
        body["encoding_format"] = .string(encoding.rawValue)
        if let dimensions { body["dimensions"] = .integer(dimensions) }
        return JSONValue.object(body).serialized()
    }

    /// The raw vectors of an answer, in the order of the request whatever the order of the answer.
    ///
    /// - Throws: ``WireFault`` when an index is missing, repeated or out of range, or a vector cannot be read.
    static func vectors(parsing bytes: [UInt8], count: Int) throws(WireFault) -> [[Float]] {
        let body: JSONValue
        do {
            body = try JSONValue(parsing: bytes)
        } catch {
            throw WireFault(reason: "\(error)")
        }
        guard let data = body["data"]?.arrayValue else {
            throw WireFault(reason: "it has no list 'data'")
        }
        guard data.count == count else {
            throw WireFault(reason: "\(count) texts gave \(data.count) vectors")
        }
        var vectors: [[Float]?] = Array(repeating: nil, count: count)
        for (position, item) in data.enumerated() {
            let index = item["index"].map { $0.intValue ?? -1 } ?? position
            guard vectors.indices.contains(index), vectors[index] == nil else {
                throw WireFault(reason: "a vector's index is out of range or repeated")
            }
            vectors[index] = try vector(item["embedding"])
        }
        return vectors.compactMap { $0 }
    }

    /// A vector as a list of numbers or, little-endian float32 in base64, as a string: some servers answer with the
    /// one when asked for the other.
    private static func vector(_ json: JSONValue?) throws(WireFault) -> [Float] {
        switch json {
        case .array(let components):
            var vector: [Float] = []
            vector.reserveCapacity(components.count)
            for component in components {
                guard let number = component.numberValue else {
                    throw WireFault(reason: "a component is no number")
                }
                vector.append(Float(number.text) ?? .nan)
            }
            return vector
        case .string(let text):
            guard let bytes = Base64.decode(text), bytes.count.isMultiple(of: 4) else {
                throw WireFault(reason: "a vector is not base64 of float32 values")
            }
            return stride(from: 0, to: bytes.count, by: 4).map { offset in
                let bits = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[offset + $1]) << UInt32(8 * $1) }
                return Float(bitPattern: bits)
            }
        default: throw WireFault(reason: "an item has no vector")
        }
    }
}

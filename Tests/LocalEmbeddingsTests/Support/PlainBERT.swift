import Foundation

/// BERT in float64, in the plainest loops: what the kernels are held against.
struct PlainBERT {
    let model: TinyModel
    private let tensors: [String: [Double]]

    init(_ model: TinyModel) {
        self.model = model
        tensors = Dictionary(uniqueKeysWithValues: model.tensors().map { ($0.name, $0.values.map(Double.init)) })
    }

    private func tensor(_ name: String) -> [Double] { tensors[model.prefix + name] ?? tensors[name] ?? [] }

    func hiddenStates(ids: [Int32], firstSegmentCount: Int) -> [[Double]] {
        let width = model.hiddenSize
        var states = ids.enumerated().map { position, id in
            (0..<width).map { index in
                tensor("embeddings.word_embeddings.weight")[Int(id) * width + index]
                    + tensor("embeddings.position_embeddings.weight")[position * width + index]
                    + tensor("embeddings.token_type_embeddings.weight")[
                        (position < firstSegmentCount ? 0 : width) + index
                    ]
            }
        }
        states = states.map { normalize($0, "embeddings.LayerNorm") }
        for layer in 0..<model.layers { states = run("encoder.layer.\(layer).", states) }
        return states
    }

    /// tanh(pooler) and then the classifier's logits, for the first state.
    func logits(_ states: [[Double]]) -> [Double] {
        dense("classifier", dense("pooler.dense", states[0]).map { tanh($0) })
    }

    private func run(_ name: String, _ states: [[Double]]) -> [[Double]] {
        let size = model.hiddenSize / model.heads
        let query = states.map { dense(name + "attention.self.query", $0) }
        let key = states.map { dense(name + "attention.self.key", $0) }
        let value = states.map { dense(name + "attention.self.value", $0) }
        return states.indices.map { row in
            var context: [Double] = []
            for head in 0..<model.heads {
                let part = head * size..<(head + 1) * size
                let scores = key.map { key in
                    part.reduce(0) { $0 + query[row][$1] * key[$1] } / Double(size).squareRoot()
                }
                let top = scores.max() ?? 0
                let powers = scores.map { exp($0 - top) }
                let sum = powers.reduce(0, +)
                for index in part { context.append(zip(powers, value).reduce(0) { $0 + $1.0 * $1.1[index] } / sum) }
            }
            let attended = normalize(
                add(dense(name + "attention.output.dense", context), states[row]),
                name + "attention.output.LayerNorm"
            )
            let inner = dense(name + "intermediate.dense", attended).map { 0.5 * $0 * erfc(-$0 / 2.0.squareRoot()) }
            return normalize(add(dense(name + "output.dense", inner), attended), name + "output.LayerNorm")
        }
    }

    private func add(_ a: [Double], _ b: [Double]) -> [Double] { zip(a, b).map(+) }

    private func dense(_ name: String, _ input: [Double]) -> [Double] {
        let weights = tensor(name + ".weight")
        return tensor(name + ".bias").enumerated().map { output, bias in
            input.enumerated().reduce(bias) { $0 + $1.element * weights[output * input.count + $1.offset] }
        }
    }

    private func normalize(_ row: [Double], _ name: String) -> [Double] {
        let mean = row.reduce(0, +) / Double(row.count)
        let variance = row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(row.count)
        let (gain, bias) = (tensor(name + ".weight"), tensor(name + ".bias"))
        return row.indices.map { (row[$0] - mean) / (variance + 1e-12).squareRoot() * gain[$0] + bias[$0] }
    }
}

internal import VectorKernels

/// The named tensors of a BERT model, shape-checked and packed.
///
/// Folders name the encoder's tensors `embeddings.…` and `encoder.…`, or put `bert.` in front when a head was trained
/// on top.
struct BERTWeights: Sendable {
    let configuration: BERTConfiguration
    private let file: Safetensors
    private let prefix: String
    private let format: NNDenseLayer.Format

    init(file: Safetensors, configuration: BERTConfiguration, format: NNDenseLayer.Format) {
        self.file = file
        self.configuration = configuration
        self.format = format
        prefix = file.names.contains("bert.embeddings.word_embeddings.weight") ? "bert." : ""
    }

    /// A tensor of the encoder, which must have this shape.
    func tensor(_ name: String, shape: [Int]) throws(ModelFolderError) -> FloatTensor {
        try headTensor(prefix + name, shape: shape)
    }

    /// A tensor outside of the encoder, whose name takes no prefix.
    func headTensor(_ name: String, shape: [Int]) throws(ModelFolderError) -> FloatTensor {
        let tensor: FloatTensor
        do {
            tensor = try file.tensor(name)
        } catch .missingTensor {
            throw .wrongTensor(name: name, "is missing")
        } catch {
            throw .invalidWeights(error)
        }
        guard tensor.shape == shape else {
            throw .wrongTensor(name: name, "has the shape \(tensor.shape), and config.json asks for \(shape)")
        }
        return tensor
    }

    /// The dense layers `names`, which share their input, as one.
    func dense(
        _ names: [String],
        inputs: Int,
        outputs: Int,
        activation: NNActivation = .identity,
        isHead: Bool = false
    ) throws(ModelFolderError) -> NNDenseLayer {
        var parts: [NNDenseLayer.Part] = []
        for name in names {
            let full = isHead ? name : prefix + name
            let weights = try headTensor(full + ".weight", shape: [outputs, inputs]).floats()
            parts.append(.init(weights: weights, bias: try headTensor(full + ".bias", shape: [outputs]).floats()))
        }
        return NNDenseLayer(inputs: inputs, parts: parts, activation: activation, format: format)
    }

    /// A layer normalisation; checkpoints that came from TensorFlow call its gain `gamma` and its bias `beta`.
    func layerNorm(_ name: String) throws(ModelFolderError) -> LayerNorm {
        let width = configuration.hiddenSize
        let isOld = file.names.contains(prefix + name + ".gamma")
        return LayerNorm(
            gain: try tensor(name + (isOld ? ".gamma" : ".weight"), shape: [width]).floats(),
            bias: try tensor(name + (isOld ? ".beta" : ".bias"), shape: [width]).floats(),
            epsilon: configuration.layerNormEpsilon
        )
    }
}

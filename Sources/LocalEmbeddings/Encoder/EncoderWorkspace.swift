internal import VectorKernels

/// The memory of one encoder pass, allocated once and used by one thread at a time.
///
/// ```
///  hidden        rows × width          what a layer reads, and in the end writes
///  projections   rows × 3 width        queries, keys, values
///  context       rows × width          what attention gathered
///  attended      rows × width          the residual of the second half
///  intermediate  rows × inner width
///  scratch       packed keys and values and a block of scores of one sequence
/// ```
///
/// `EncoderPool` hands a workspace to one job at a time, which is why it may cross threads.
final class EncoderWorkspace: @unchecked Sendable {
    /// The most rows (tokens, over all sequences) of one pass.
    let rowCapacity: Int

    let hidden: UnsafeMutablePointer<Float>
    let projections: UnsafeMutablePointer<Float>
    let context: UnsafeMutablePointer<Float>
    let attended: UnsafeMutablePointer<Float>
    let intermediate: UnsafeMutablePointer<Float>
    let scratch: UnsafeMutablePointer<Float>
    private let memory: UnsafeMutableRawPointer

    /// Allocates for passes of at most `rows` rows of sequences of at most `length` tokens.
    init(configuration: BERTConfiguration, rows: Int, length: Int) {
        precondition(length <= rows, "a sequence must fit a pass")
        let width = configuration.hiddenSize
        let scratchCount = NNKernels.attentionScratch(length: length, headSize: configuration.headSize)
        let counts = [
            rows * width, rows * 3 * width, rows * width, rows * width, rows * configuration.intermediateSize,
        ]
        // Each part starts on a cache line of its own.
        let starts = (counts + [scratchCount]).reduce(into: [0]) { $0.append($0[$0.count - 1] + ($1 + 15) & ~15) }
        let bytes = starts[starts.count - 1] * MemoryLayout<Float>.size
        memory = .allocate(byteCount: bytes, alignment: 64)
        memory.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
        let floats = memory.bindMemory(to: Float.self, capacity: starts[starts.count - 1])
        rowCapacity = rows
        hidden = floats + starts[0]
        projections = floats + starts[1]
        context = floats + starts[2]
        attended = floats + starts[3]
        intermediate = floats + starts[4]
        scratch = floats + starts[5]
    }

    deinit {
        memory.deallocate()
    }
}

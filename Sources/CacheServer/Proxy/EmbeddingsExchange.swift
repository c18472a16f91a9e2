internal import Hummingbird
internal import NIOCore
internal import SemanticCaching

/// A request for embeddings of which the cache lacks some.
struct EmbeddingsExchange: Sendable {
    let request: Request
    /// The body that asks for every input.
    let whole: ByteBuffer
    let inquiry: EmbeddingsInquiry
    let scope: CacheScope
    let controls: CacheControls
    /// What the cache found for each input.
    let results: [LookupResult]
    /// The places of the inputs that it lacks.
    let misses: [Int]
    let disposition: Disposition

    /// The request for one input, as the engine sees it.
    func cacheRequest(at index: Int) -> CacheRequest {
        inquiry.cacheRequest(inquiry.inputs[index], request, scope, controls)
    }
}

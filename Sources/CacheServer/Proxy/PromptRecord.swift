internal import SemanticCaching
internal import Synchronization

/// What was sent upstream for a request, for the caller who began the exchange to be told.
final class PromptRecord: Sendable {
    private let prompt = Mutex<PreparedPrompt?>(nil)

    /// The prompt; nil while none was prepared.
    var value: PreparedPrompt? {
        get { prompt.withLock { $0 } }
        set { prompt.withLock { $0 = newValue } }
    }
}

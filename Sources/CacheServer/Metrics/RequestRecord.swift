internal import HTTPTypes
internal import NIOCore
internal import SemanticCaching
internal import Synchronization

/// What the books keep of one request: for metrics and the access log, without a word of its content unless that is asked for.
final class RequestRecord: Sendable {
    private struct State {
        var id: String
        var disposition: Disposition?
        var namespace = ""
        var question: String?
        var isStream = false
        var status = 0
        var timeToFirstByte = Duration.zero
    }

    let method: String
    let path: String
    /// Whether the caller chose the id.
    let hasCallersID: Bool
    /// The connection; nil in tests.
    let channel: (any Channel)?
    let start = ContinuousClock.now
    private let state: Mutex<State>

    init(method: String, path: String, headers: HTTPFields, channel: (any Channel)? = nil) {
        self.method = method
        self.path = path
        self.channel = channel
        let callers = Self.callersID(headers)
        hasCallersID = callers != nil
        state = Mutex(State(id: callers ?? Self.makeID()))
    }

    /// The request's id, as the answer tells it.
    var id: String {
        get { state.withLock { $0.id } }
        set { state.withLock { $0.id = newValue } }
    }

    var disposition: Disposition? {
        get { state.withLock { $0.disposition } }
        set { state.withLock { $0.disposition = newValue } }
    }

    var namespace: String {
        get { state.withLock { $0.namespace } }
        set { state.withLock { $0.namespace = newValue } }
    }

    /// What was asked; nil unless the log is to have it.
    var question: String? {
        get { state.withLock { $0.question } }
        set { state.withLock { $0.question = newValue } }
    }

    /// Whether the answer is written piece by piece.
    var isStream: Bool {
        get { state.withLock { $0.isStream } }
        set { state.withLock { $0.isStream = newValue } }
    }

    var status: Int { state.withLock { $0.status } }
    var timeToFirstByte: Duration { state.withLock { $0.timeToFirstByte } }

    /// Notes that the answer's head goes out now.
    func begin(status: Int) {
        let elapsed = start.duration(to: .now)
        state.withLock { state in
            state.status = status
            state.timeToFirstByte = elapsed
        }
    }

    /// The caller's request id, if it is a plain one.
    private static func callersID(_ fields: HTTPFields) -> String? {
        guard let given = fields.value(of: .requestID), (1...128).contains(given.utf8.count),
            given.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { return nil }
        return given
    }

    private static func makeID() -> String {
        // A random number for each would be a call of the kernel. The step is odd, so that all 2^64 come before one comes
        // again (a Weyl sequence); the random beginning keeps processes apart.
        let number = ids.wrappingAdd(0x9E37_79B9_7F4A_7C15, ordering: .relaxed).newValue
        return "r" + String(number, radix: 36)
    }

    private static let ids = Atomic<UInt64>(.random(in: .min ... .max))
}

/// An answer in the one form in which it is stored; servers render it as JSON or replay it as a stream.
///
///     let reply = CachedReply(text: "Choose “Forgot password” on the sign-in page.")
public struct CachedReply: Hashable, Sendable {
    /// Why the model stopped.
    public struct FinishReason: RawRepresentable, Hashable, Sendable, ExpressibleByStringLiteral {
        /// The reason's name on the wire.
        public let rawValue: String
        /// Creates a reason from its name on the wire.
        public init(rawValue: String) { self.rawValue = rawValue }
        /// Creates a reason from its name on the wire.
        public init(stringLiteral value: String) { rawValue = value }
        /// The answer is complete.
        public static let stop: FinishReason = "stop"
        /// The model asks for tools to be called.
        public static let toolCalls: FinishReason = "tool_calls"
        /// The answer was cut at its maximum length.
        public static let length: FinishReason = "length"
        /// The answer was withheld by a filter.
        public static let contentFilter: FinishReason = "content_filter"
    }

    /// The answer in its wire form, for replies that are more than one text.
    public struct WireBody: Hashable, Sendable {
        /// The kind of object, such as `chat.completion` or `response`.
        public var format: String
        /// The complete JSON object.
        public var json: [UInt8]
        /// Creates a wire form.
        public init(format: String, json: [UInt8]) {
            self.format = format
            self.json = json
        }
    }

    /// The text of the first choice; empty if it has none.
    public var text: String
    /// Why the model stopped.
    public var finishReason: FinishReason
    /// The tokens that the answer cost, if the provider said so.
    public var usage: TokenUsage?
    /// The model that answered, as the provider named it.
    public var model: String?
    /// The answer in its wire form, if it came over one.
    public var wire: WireBody?

    /// Creates an answer.
    public init(
        text: String,
        finishReason: FinishReason = .stop,
        usage: TokenUsage? = nil,
        model: String? = nil,
        wire: WireBody? = nil
    ) {
        self.text = text
        self.finishReason = finishReason
        self.usage = usage
        self.model = model
        self.wire = wire
    }

    /// The bytes that the answer occupies, for limits.
    public var byteCount: Int { text.utf8.count + (wire?.json.count ?? 0) + (model?.utf8.count ?? 0) + 64 }
}

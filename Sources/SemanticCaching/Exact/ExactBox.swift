/// A value on the heap, so that shards handle one pointer whatever the cache's values are.
class ExactBox: @unchecked Sendable {
    // Sound: this class has no state, and its only subclass, below, has one constant of a Sendable type.
    fileprivate init() {}
}

/// The box of a value of known type.
final class TypedExactBox<Value: Sendable>: ExactBox, @unchecked Sendable {
    let value: Value

    init(_ value: Value) { self.value = value }
}

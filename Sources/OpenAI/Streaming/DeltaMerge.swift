import StrictJSON

/// The rule by which streamed deltas add up.
///
/// A long stream is thousands of deltas to a few texts. What grows is taken out of the place where it stands, so that
/// nothing else holds it, is appended to where it lies in memory, and put back: to copy it for each delta would take
/// the square of the stream's length.
enum DeltaMerge {
    /// Members that name a thing: a later value replaces an earlier one and is never appended to it.
    private static let identities: Set<String> = ["id", "type", "role", "object", "index"]

    /// Merges a delta's members into what has come so far.
    ///
    /// After an error the total is of no use.
    ///
    /// - Complexity: O(*d*) for *d* bytes of the delta, amortised, and a look over the members and elements that there
    ///   are; if nothing else holds the total.
    static func merge(_ delta: JSONObject, into total: inout JSONObject) throws(StreamAssemblyError) {
        for member in delta.members {
            if identities.contains(member.key) {
                if !member.value.isNull { total[member.key] = member.value }
            } else {
                var value = total[member.key]
                // The member keeps its place among the others.
                if value != nil { total[member.key] = .null }
                try add(member.value, to: &value)
                total[member.key] = value
            }
        }
    }

    /// Adds a delta's value to what has come so far, which is nil at first.
    ///
    /// - Complexity: as for ``merge(_:into:)``.
    static func add(_ delta: JSONValue, to total: inout JSONValue?) throws(StreamAssemblyError) {
        switch delta {
        case .null:
            if total == nil { total = .null }
        case .bool, .number: total = delta
        case .string(let tail):
            guard case .string(var text)? = total else { return try begin(delta, in: &total) }
            total = nil
            text += tail
            total = .string(text)
        case .object(let more):
            guard case .object(var members)? = total else { return try begin(delta, in: &total) }
            total = nil
            try merge(more, into: &members)
            total = .object(members)
        case .array(let more):
            if total == nil || total == .null { total = .array([]) }
            guard case .array(var elements)? = total else { return try begin(delta, in: &total) }
            total = nil
            try append(more, to: &elements)
            total = .array(elements)
        }
    }

    /// Takes the first value of a member; one of another type must not take the place of what has come.
    private static func begin(_ delta: JSONValue, in total: inout JSONValue?) throws(StreamAssemblyError) {
        guard total == nil || total == .null else { throw .inconsistent("a field changes its type") }
        total = delta
    }

    /// Adds elements: one with an `index` merges into the element of that index, others come last.
    private static func append(_ more: [JSONValue], to elements: inout [JSONValue]) throws(StreamAssemblyError) {
        for element in more {
            guard let index = element["index"]?.intValue, let object = element.objectValue else {
                elements.append(element)
                continue
            }
            guard let place = elements.firstIndex(where: { $0["index"]?.intValue == index }) else {
                let next = elements.firstIndex { ($0["index"]?.intValue ?? .min) > index } ?? elements.endIndex
                elements.insert(element, at: next)
                continue
            }
            guard case .object(var total) = elements[place] else {
                throw .malformed("an indexed element is no object")
            }
            elements[place] = .null
            try merge(object, into: &total)
            elements[place] = .object(total)
        }
    }
}

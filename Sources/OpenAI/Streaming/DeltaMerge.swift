import StrictJSON

/// The rule by which streamed deltas add up.
enum DeltaMerge {
    /// Members that name a thing: a later value replaces an earlier one and is never appended to it.
    private static let identities: Set<String> = ["id", "type", "role", "object", "index"]

    /// Merges a delta's members into what has come so far.
    static func merge(_ delta: JSONObject, into total: inout JSONObject) throws(StreamAssemblyError) {
        for member in delta.members {
            if identities.contains(member.key) {
                if !member.value.isNull { total[member.key] = member.value }
            } else {
                total[member.key] = try merged(total[member.key], with: member.value)
            }
        }
    }

    /// What has come so far, with a delta's value added.
    static func merged(_ total: JSONValue?, with delta: JSONValue) throws(StreamAssemblyError)
        -> JSONValue
    {
        switch (total, delta) {
        case (nil, .array(let elements)), (.null?, .array(let elements)):
            return .array(try append(elements, to: []))
        case (nil, _), (.null?, _): return delta
        case (let total?, .null): return total
        case (.string(let head)?, .string(let tail)): return .string(head + tail)
        case (.object(var members)?, .object(let more)):
            try merge(more, into: &members)
            return .object(members)
        case (.array(let elements)?, .array(let more)): return .array(try append(more, to: elements))
        case (_?, .number), (_?, .bool): return delta
        case (_?, _): throw .inconsistent("a field changes its type")
        }
    }

    /// Adds elements: one with an `index` merges into the element of that index, others come last.
    private static func append(_ more: [JSONValue], to elements: [JSONValue])
        throws(StreamAssemblyError) -> [JSONValue]
    {
        var result = elements
        for element in more {
            guard let index = element["index"]?.intValue, let object = element.objectValue else {
                result.append(element)
                continue
            }
            guard let place = result.firstIndex(where: { $0["index"]?.intValue == index }) else {
                let next = result.firstIndex { ($0["index"]?.intValue ?? .min) > index } ?? result.endIndex
                result.insert(element, at: next)
                continue
            }
            guard var total = result[place].objectValue else {
                throw .malformed("an indexed element is no object")
            }
            try merge(object, into: &total)
            result[place] = .object(total)
        }
        return result
    }
}

internal import Hummingbird
internal import NIOCore
internal import SemanticCaching
internal import StrictJSON

/// A request to the admin API, with ways to read it that answer a mistake with its name.
struct AdminRequest: Sendable {
    let request: Request
    /// The segment of the path that stands at `{id}`.
    let id: String

    /// The greatest integer that every JSON reader keeps exactly (RFC 8259, section 6).
    static let greatestInteger = (1 << 53) - 1

    /// So many bytes of a JSON body are read.
    private static let maximumBodyBytes = 16 << 20

    /// A parameter of the query.
    func query(_ name: String) -> String? {
        request.uri.queryParameters[name[...]].map { String($0) }
    }

    /// A whole number of the query, within a range.
    func query(_ name: String, default value: Int, in range: ClosedRange<Int>) throws -> Int {
        guard let text = query(name) else { return value }
        guard let number = Int(text), range.contains(number) else {
            throw Self.fault(name, "a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// The entry that the path names.
    func entryID() throws -> EntryID {
        guard let entry = EntryID(id) else { throw Self.fault("id", "the id of an entry") }
        return entry
    }

    /// The namespace that the query names.
    func namespace() -> NamespaceID {
        NamespaceID(tenant: query("tenant") ?? "", name: query("name") ?? query("namespace") ?? "default")
    }

    /// The body, a JSON object.
    func body() async throws -> JSONObject {
        let buffer: ByteBuffer
        do {
            buffer = try await request.body.collect(upTo: Self.maximumBodyBytes)
        } catch is NIOTooManyBytesError {
            throw ErrorAnswer.bodyTooLarge(limit: Self.maximumBodyBytes)
        }
        do {
            guard let object = try JSONValue(parsing: buffer.readableBytesView).objectValue else {
                throw Self.fault("the body", "a JSON object")
            }
            return object
        } catch let error as JSONError {
            throw ErrorAnswer(.badRequest, code: "invalid_json", "The body is not JSON: \(error).")
        }
    }

    static func fault(_ name: String, _ expectation: String) -> ErrorAnswer {
        ErrorAnswer(.badRequest, code: "invalid_value", "\(name) must be \(expectation).")
    }
}

extension JSONObject {
    /// A text member; nil if absent.
    func text(_ name: String) throws -> String? {
        guard let value = self[name], !value.isNull else { return nil }
        guard let text = value.stringValue else { throw AdminRequest.fault(name, "a string") }
        return text
    }

    /// A text member that must be there.
    func requiredText(_ name: String) throws -> String {
        guard let text = try text(name), !text.isEmpty else { throw AdminRequest.fault(name, "a string, not empty") }
        return text
    }

    /// A truth value; false if absent.
    func flag(_ name: String) throws -> Bool {
        guard let value = self[name], !value.isNull else { return false }
        guard let flag = value.boolValue else { throw AdminRequest.fault(name, "true or false") }
        return flag
    }

    /// A list of texts; empty if absent.
    func texts(_ name: String) throws -> [String] {
        guard let value = self[name], !value.isNull else { return [] }
        guard let elements = value.arrayValue, elements.allSatisfy({ $0.stringValue != nil }) else {
            throw AdminRequest.fault(name, "a list of strings")
        }
        return elements.compactMap(\.stringValue)
    }

    /// The namespace that the members `tenant` and `namespace` name.
    func namespace() throws -> NamespaceID {
        NamespaceID(tenant: try text("tenant") ?? "", name: try text("namespace") ?? "default")
    }
}

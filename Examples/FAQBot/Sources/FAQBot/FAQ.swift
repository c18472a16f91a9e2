import Foundation

/// The help pages of a company, and questions that are not worded as on the pages.
struct FAQ {
    /// A question with its answer.
    struct Item: Decodable {
        let id: String
        let question: String
        let answer: String
        let tags: [String]
    }

    /// A question in words of its own; nil for `id` means that none of the items answers it.
    struct Query: Decodable {
        let text: String
        let id: String?
    }

    let items: [Item]
    let queries: [Query]

    /// Reads `faq.jsonl` and `demo.jsonl` from a folder; its README describes them.
    init(folder: URL) throws {
        items = try Self.lines(of: folder.appending(path: "faq.jsonl"))
        queries = try Self.lines(of: folder.appending(path: "demo.jsonl"))
    }

    /// The answer that a query should get, if there is one.
    func answer(to query: Query) -> String? {
        items.first { $0.id == query.id }?.answer
    }

    private static func lines<Line: Decodable>(of file: URL) throws -> [Line] {
        let decoder = JSONDecoder()
        return try Data(contentsOf: file).split(separator: UInt8(ascii: "\n")).map {
            try decoder.decode(Line.self, from: Data($0))
        }
    }
}

internal import StrictJSON

extension TransferRecord {
    /// Reads one JSON object of an import file, whichever program wrote it.
    ///
    ///     {"semcache": 1, "id": …}                 an export of this cache
    ///     {"prompt": …, "response": …}             redis-vl
    ///     {"question": …, "answer": …}             GPTCache, FAQ lists
    ///     {"origin": …, "similar": …}              pairs of GPTCache: two wordings of one question
    ///
    /// A pair of wordings without an answer gets the first wording for one, as in GPTCache's own measurements.
    init(json bytes: some Collection<UInt8>) throws(TransferFault) {
        let value: JSONValue
        do {
            value = try JSONValue(parsing: bytes)
        } catch {
            throw TransferFault("\(error)")
        }
        guard let object = value.objectValue else { throw TransferFault("the line is no JSON object") }
        let members = TransferMembers(object)
        if object["semcache"] != nil {
            self = .answer(try AnswerRecord(object))
        } else if object["prompt"] != nil {
            self = try .pair(Self.pair(members, "prompt", "response"))
        } else if object["question"] != nil {
            self = try .pair(Self.pair(members, "question", "answer"))
        } else if object["origin"] != nil {
            let origin = try members.text("origin")
            let answer = try members.optionalText("answer") ?? origin
            let pair = QuestionAnswerPair(question: origin, alternatives: [try members.text("similar")], answer: answer)
            self = .pair(try Self.checked(pair))
        } else {
            throw TransferFault("the object has neither 'semcache', 'prompt', 'question' nor 'origin'")
        }
    }

    private static func pair(
        _ members: TransferMembers,
        _ question: String,
        _ answer: String
    ) throws(TransferFault) -> QuestionAnswerPair {
        try checked(
            QuestionAnswerPair(
                question: try members.text(question),
                answer: try members.text(answer),
                tags: try members.texts("tags")
            )
        )
    }

    /// Reads one record of a CSV file by the names of its columns.
    init(fields: [String], columns: [String]) throws(TransferFault) {
        guard fields.count == columns.count else {
            throw TransferFault("\(fields.count) fields, the first line has \(columns.count)")
        }
        func field(_ names: [String]) -> String? {
            columns.firstIndex { names.contains($0.lowercased()) }.map { fields[$0] }
        }
        guard let question = field(["question", "prompt", "origin"]) else {
            throw TransferFault("no column 'question'")
        }
        guard let answer = field(["answer", "response"]) else { throw TransferFault("no column 'answer'") }
        let tags = field(["tags"])?.split(separator: ";").map(String.init) ?? []
        let similar = field(["similar"]).map { [$0] } ?? []
        let pair = QuestionAnswerPair(question: question, alternatives: similar, answer: answer, tags: tags)
        self = .pair(try Self.checked(pair))
    }

    private static func checked(_ pair: QuestionAnswerPair) throws(TransferFault) -> QuestionAnswerPair {
        guard pair.question.contains(where: { !$0.isWhitespace }) else { throw TransferFault("the question is empty") }
        guard !pair.answer.isEmpty else { throw TransferFault("the answer is empty") }
        return pair
    }
}

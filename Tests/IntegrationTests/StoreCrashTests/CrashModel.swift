import SemanticCaching
import StoreCrashChild

/// What a store must hold after a crash: for each answer that is there, the numbers of its questions.
///
/// A number of each writer was under way when the process died: its call was not acknowledged, so it may have been
/// carried out or not, but wholly or not at all. Everything before is decided.
struct CrashModel {
    typealias Contents = [EntryID: Set<UInt64>]

    private let workload = CrashWorkload()
    private(set) var contents: Contents = [:]

    /// Applies what one life of the child did, choosing for each writer the alternative that the store shows.
    ///
    /// Returns a description of what fits neither alternative; nil if all is well.
    mutating func advance(first: UInt64, acknowledged: [UInt64], actual: Contents) -> String? {
        for writer in 0..<CrashWorkload.writers {
            let own = acknowledged.filter { ($0 - first) % CrashWorkload.writers == writer }
            let expected = own.indices.map { first + writer + UInt64($0) * CrashWorkload.writers }
            guard own == expected else { return "writer \(writer) told of \(own) in another order" }
            for number in own { apply(number, to: &contents) }
            let underWay = first + writer + UInt64(own.count) * CrashWorkload.writers
            var alternative = contents
            apply(underWay, to: &alternative)
            let touched = Set(alternative.keys).symmetricDifference(contents.keys)
                .union(alternative.keys.filter { alternative[$0] != contents[$0] })
            if !touched.isEmpty, touched.allSatisfy({ alternative[$0] == actual[$0] }) { contents = alternative }
        }
        guard contents != actual else { return nil }
        let lost = contents.filter { actual[$0.key] != $0.value }
        let extra = actual.filter { contents[$0.key] == nil }
        return "lost or changed: \(lost), unexpected: \(extra)"
    }

    private func apply(_ number: UInt64, to contents: inout Contents) {
        switch workload.step(number) {
        case .insert: contents[workload.id(number)] = [number + 1]
        case .addQuestion(let other): contents[workload.id(other)]?.insert(number + 1)
        case .remove(let other): contents[workload.id(other)] = nil
        case .replace(let other):
            contents[workload.id(other)] = nil
            contents[workload.id(number)] = [number + 1]
        }
    }
}

import SemanticCaching

/// How well the detector tells questions of their own from those that lean on the dialogue before them.
enum StandAlone {
    static func printRows(_ turns: [Dialogues.Turn], _ exchanges: [Dialogues.Exchange]) {
        let detector = StandAloneDetector.standard
        let alone = exchanges.count { detector.standsAlone($0.question) }
        print("\n\(alone) of the \(exchanges.count) exchanges of the replays are taken for stand-alone.")
        print("\n| \(turns.count) turns behind others | turns | taken for stand-alone | share |\n|---|---|---|---|")
        for leans in [true, false] {
            let all = turns.filter { $0.leans == leans }
            let taken = all.filter { detector.standsAlone($0.text) }
            let share = Double(Int(10_000 * Double(taken.count) / Double(max(1, all.count)) + 0.5)) / 100
            let name =
                leans ? "the state has a value that the turn does not name" : "all values are named, or there is none"
            print("| \(name) | \(all.count) | \(taken.count) | \(share) % |")
        }
        print("\nTaken for stand-alone in spite of the labels:\n")
        for turn in turns where turn.leans && detector.standsAlone(turn.text) { print("- \(turn.text)") }
    }
}

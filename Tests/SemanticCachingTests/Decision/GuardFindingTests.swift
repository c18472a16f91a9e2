import SemanticCaching
import Testing

@Suite struct GuardFindingTests {
    private func findings(_ asked: String, _ stored: String, _ settings: GuardSettings = GuardSettings())
        -> [GuardFinding]
    {
        PairGuards.findings(asked: AnalyzedText(asked), stored: AnalyzedText(stored), settings: settings)
    }

    @Test func quotesTheWordsAsTheyWereWritten() {
        let found = findings("Wake me at 7 AM", "Wake me at ７：３０ pm")
        #expect(found.first == GuardFinding(guardName: "times", asked: ["7 AM"], stored: ["７：３０ pm"], isVeto: true))
    }

    @Test func quotesNonASCIITextAtCharacterBounds() {
        let found = findings("naïve café for 12 guests", "naïve café for 20 guests")
        #expect(found.first?.asked == ["12"])
        #expect(found.first?.stored == ["20"])
        #expect(findings("订单👩‍👩‍👧号是123456", "订单👩‍👩‍👧号是123457").first?.stored == ["123457"])
    }

    @Test func aGuardWithoutVetoStillSpeaks() {
        var settings = GuardSettings()
        settings.vetoing.remove(.numbers)
        let found = findings("convert 5 cans", "convert 9 cans", settings)
        #expect(found.map(\.guardName) == ["numbers"])
        #expect(found.allSatisfy { !$0.isVeto })
    }

    @Test func aDisabledGuardIsSilent() {
        var settings = GuardSettings()
        settings.enabled.remove(.numbers)
        #expect(findings("convert 5 cans", "convert 9 cans", settings).isEmpty)
        #expect(findings("convert 5 cans", "convert 9 cans", .off).isEmpty)
    }

    @Test func guardNamesAreUniqueAndReadBack() {
        #expect(Set(GuardSet.named.map(\.name)).count == 16)
        for (name, kind) in GuardSet.named { #expect(GuardSet(name: name) == kind) }
        #expect(GuardSet(name: "nonsense") == nil)
        #expect(GuardSet.all.names.count == 16)
    }
}

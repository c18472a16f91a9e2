import SemanticCaching
import Testing

@Suite struct ExactDecimalTests {
    @Test func normalFormIsUnique() {
        #expect(ExactDecimal(mantissa: 1500, exponent: -1) == ExactDecimal(mantissa: 150))
        #expect(ExactDecimal(mantissa: 0, exponent: 7) == ExactDecimal(mantissa: 0))
        #expect(ExactDecimal(mantissa: 10) != ExactDecimal(mantissa: 1))
    }

    @Test func sumsAndProductsAreExact() {
        let tenth = ExactDecimal(mantissa: 1, exponent: -1)
        let fifth = ExactDecimal(mantissa: 2, exponent: -1)
        #expect(tenth.adding(fifth) == ExactDecimal(mantissa: 3, exponent: -1))
        #expect(
            ExactDecimal(mantissa: 5).multiplied(by: ExactDecimal(mantissa: 1_609_344, exponent: -3))
                == ExactDecimal(mantissa: 804_672, exponent: -2)
        )
        #expect(ExactDecimal(mantissa: 25, exponent: 1).integer == 250)
        #expect(tenth.integer == nil)
    }

    @Test func overflowIsReportedAndNeverWraps() {
        let large = ExactDecimal(mantissa: .max)
        #expect(large.multiplied(by: ExactDecimal(mantissa: 3)) == nil)
        #expect(large.adding(large) == nil)
    }
}

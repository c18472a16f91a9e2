import CVectorKernels
import Testing
import VectorKernels

@Suite struct InstructionSetTests {
    @Test func overrideSelectsWhatTheProcessorHas() {
        for set in InstructionSet.supported {
            #expect(String(cString: cvk_isa_name(cvk_isa_select(set.rawValue))) == set.rawValue)
        }
    }

    @Test func overrideNeverSelectsWhatTheProcessorLacks() {
        let best = cvk_isa_select(nil)
        for set in InstructionSet.allCases where !InstructionSet.supported.contains(set) {
            #expect(cvk_isa_select(set.rawValue) == best)
        }
        for name in ["", "AVX2", "avx", "avx10", "serial "] { #expect(cvk_isa_select(name) == best) }
    }

    @Test func unsupportedSetsHaveNoKernels() {
        for isa in 0..<UInt32(CVK_ISA_COUNT) {
            let set = cvk_isa(rawValue: isa)
            #expect((cvk_f32_kernels(set) != nil) == cvk_isa_supported(set))
            #expect((cvk_select_kernels(set) != nil) == cvk_isa_supported(set))
        }
    }

    @Test func currentIsSupported() {
        #expect(InstructionSet.supported.contains(InstructionSet.current))
        #expect(InstructionSet.supported.contains(.serial))
    }
}

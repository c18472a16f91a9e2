internal import CVectorKernels

/// The instruction set that the vector kernels of this process use.
///
///     print(InstructionSet.current)        // avx512vnni
///
/// Probed once. `SEMCACHE_ISA=serial|avx2|avx512|avx512vnni|neon` in the environment lowers it; a name that the
/// processor lacks is ignored.
public enum InstructionSet: String, CaseIterable, Sendable, CustomStringConvertible {
    /// Portable C.
    case serial
    /// AVX2 and FMA.
    case avx2
    /// AVX-512 F, BW, DQ and VL.
    case avx512
    /// AVX-512 as above and the VNNI integer dot products.
    case avx512vnni
    /// AArch64 Advanced SIMD.
    case neon

    /// The set in use.
    public static var current: InstructionSet {
        allCases.first { $0.identifier == cvk_instruction_set() } ?? .serial
    }

    /// The sets that this processor can run, for tests and benchmarks that compare them.
    public static var supported: [InstructionSet] {
        allCases.filter { cvk_isa_supported($0.identifier) }
    }

    /// The name that `SEMCACHE_ISA` takes.
    public var description: String { rawValue }

    var identifier: cvk_isa {
        switch self {
        case .serial: CVK_ISA_SERIAL
        case .avx2: CVK_ISA_AVX2
        case .avx512: CVK_ISA_AVX512
        case .avx512vnni: CVK_ISA_AVX512VNNI
        case .neon: CVK_ISA_NEON
        }
    }
}

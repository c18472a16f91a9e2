import Testing
import VectorKernels

@Suite struct ChecksumTests {
    private func digest(_ bytes: [UInt8], seed: UInt64 = 0) -> UInt64 {
        bytes.withUnsafeBytes { Checksum.xxh64($0, seed: seed) }
    }

    /// Published values of XXH64.
    @Test func equalsTheReference() {
        #expect(digest([]) == 0xEF46_DB37_51D8_E999)
        #expect(digest(Array("a".utf8)) == 0xD24E_C4F1_A98C_6E5B)
        #expect(digest(Array("abc".utf8)) == 0x44BC_2CF5_AD77_0999)
        #expect(digest(Array("Nobody inspects the spammish repetition".utf8)) == 0xFBCE_A83C_8A37_8BF1)
    }

    @Test func everySingleByteMatters() {
        let bytes = (0..<200).map { UInt8($0) }
        let original = digest(bytes)
        for index in bytes.indices {
            var damaged = bytes
            damaged[index] ^= 0x10
            #expect(digest(damaged) != original)
        }
        #expect(digest(bytes, seed: 1) != original)
        #expect(digest(bytes.dropLast()) != original)
    }
}

internal import CVectorKernels
internal import Glibc

/// The linear-algebra library that the dynamic linker really loaded behind the CBLAS interface.
///
///     let provider = BLASProvider.current
///     print(provider.name, provider.path)   // OpenBLAS 0.3.21 Haswell  /usr/lib/…/openblas-serial/libblas.so.3
///
/// Debian decides at load time, through its alternatives system, which library answers to `libblas.so.3`. The
/// reference implementation is correct and ten times slower, so `semcache doctor` says when it is in use.
public struct BLASProvider: Hashable, Sendable {
    /// Product, version and, for OpenBLAS, the kernels it chose for this processor.
    public let name: String
    /// The file that `cblas_sgemv` comes from, links resolved; empty when the linker does not tell.
    public let path: String
    /// Whether this is netlib's unoptimised reference BLAS.
    public let isReference: Bool

    /// The provider of this process.
    public static let current = BLASProvider(
        openBLASConfiguration: callString("openblas_get_config"),
        openBLASCore: callString("openblas_get_corename"),
        path: path(of: "cblas_sgemv")
    )

    init(openBLASConfiguration: String?, openBLASCore: String?, path: String) {
        self.path = path
        if let configuration = openBLASConfiguration {
            let version = configuration.split(separator: " ").prefix(2).joined(separator: " ")
            name = [version, openBLASCore].compactMap(\.self).joined(separator: " ")
            isReference = false
        } else if let product = Self.product(ofPath: path) {
            name = product
            isReference = false
        } else {
            name = "reference BLAS (netlib)"
            isReference = true
        }
    }

    /// Recognises the other optimised providers of the Debian archive by their file name.
    private static func product(ofPath path: String) -> String? {
        let known = [("openblas", "OpenBLAS"), ("blis", "BLIS"), ("mkl", "Intel MKL"), ("atlas", "ATLAS")]
        return known.first { path.lowercased().split(separator: "/").suffix(2).joined().contains($0.0) }?.1
    }

    /// Calls a `const char *f(void)` of the loaded libraries, if there is one of this name.
    private static func callString(_ symbol: String) -> String? {
        guard let address = cvk_loader_symbol(symbol) else { return nil }
        typealias StringFunction = @convention(c) () -> UnsafePointer<CChar>?
        return unsafeBitCast(address, to: StringFunction.self)().map { String(cString: $0) }
    }

    private static func path(of symbol: String) -> String {
        guard let address = cvk_loader_symbol(symbol) else { return "" }
        guard let file = cvk_loader_file(address) else { return "" }
        guard let resolved = realpath(file, nil) else { return String(cString: file) }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}

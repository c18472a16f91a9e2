internal import Glibc

/// OpenSSL, as it is found on the machine when the first `rediss://` URL is read.
///
/// hiredis has TLS from version 1.0 on, in a library of its own that Debian 12 does not have; that library is a thin layer
/// over OpenSSL. So this takes OpenSSL itself, whichever hiredis there is, and only where TLS is asked for: nothing is
/// linked. Every function here is part of the stable interface of OpenSSL 1.1 to 3.
struct TLSLibrary: Sendable {
    typealias Pointer = UnsafeMutableRawPointer
    typealias Text = UnsafePointer<CChar>

    let clientMethod: @convention(c) () -> Pointer?
    let makeContext: @convention(c) (Pointer?) -> Pointer?
    let freeContext: @convention(c) (Pointer?) -> Void
    let controlContext: @convention(c) (Pointer?, CInt, CLong, Pointer?) -> CLong
    let useSystemAuthorities: @convention(c) (Pointer?) -> CInt
    let loadAuthorities: @convention(c) (Pointer?, Text?, Text?) -> CInt
    let useCertificate: @convention(c) (Pointer?, Text?) -> CInt
    let useKey: @convention(c) (Pointer?, Text?, CInt) -> CInt
    let checkKey: @convention(c) (Pointer?) -> CInt
    let setVerification: @convention(c) (Pointer?, CInt, Pointer?) -> Void
    let makeSession: @convention(c) (Pointer?) -> Pointer?
    let freeSession: @convention(c) (Pointer?) -> Void
    let connectState: @convention(c) (Pointer?) -> Void
    let setBuffers: @convention(c) (Pointer?, Pointer?, Pointer?) -> Void
    let controlSession: @convention(c) (Pointer?, CInt, CLong, Pointer?) -> CLong
    let setHost: @convention(c) (Pointer?, Text?) -> CInt
    let parameters: @convention(c) (Pointer?) -> Pointer?
    let setAddress: @convention(c) (Pointer?, Text?) -> CInt
    let handshake: @convention(c) (Pointer?) -> CInt
    let read: @convention(c) (Pointer?, Pointer?, CInt) -> CInt
    let write: @convention(c) (Pointer?, UnsafeRawPointer?, CInt) -> CInt
    let error: @convention(c) (Pointer?, CInt) -> CInt
    let verdict: @convention(c) (Pointer?) -> CLong
    let verdictText: @convention(c) (CLong) -> Text?
    let memoryMethod: @convention(c) () -> Pointer?
    let makeBuffer: @convention(c) (Pointer?) -> Pointer?
    let readBuffer: @convention(c) (Pointer?, Pointer?, CInt) -> CInt
    let writeBuffer: @convention(c) (Pointer?, UnsafeRawPointer?, CInt) -> CInt
    let nextFault: @convention(c) () -> CUnsignedLong
    let faultText: @convention(c) (CUnsignedLong, UnsafeMutablePointer<CChar>?, Int) -> Void
    let clearFaults: @convention(c) () -> Void

    /// The names under which distributions have it, newest first.
    static let names = ["libssl.so.3", "libssl.so.1.1", "libssl.so"]
    /// What to say where there is none.
    static let absence =
        "TLS (rediss://) needs OpenSSL at run time, and this machine has none: install the package libssl3"

    /// The library of this machine; nil if there is none.
    static let shared = TLSLibrary(names: names)

    /// Opens the first of these libraries that is there and complete; it stays open for the life of the process.
    init?(names: [String]) {
        guard let handle = names.firstNonNil({ dlopen($0, RTLD_NOW | RTLD_LOCAL) }) else { return nil }
        do throws(MissingSymbol) { try self.init(handle: handle) } catch { return nil }
    }

    private struct MissingSymbol: Error {}

    /// `OPENSSL_INIT_NO_ATEXIT`, which versions before 1.1.1b do not know and do not mind.
    private static let withoutExitHandler: UInt64 = 0x0008_0000

    private init(handle: Pointer) throws(MissingSymbol) {
        /// A function of the type of the property that it is assigned to, which is that of OpenSSL's headers.
        func function<Function>(_ name: String) throws(MissingSymbol) -> Function {
            guard let symbol = dlsym(handle, name) else { throw MissingSymbol() }
            return unsafeBitCast(symbol, to: Function.self)
        }
        // A program may end while a connection shakes hands: what OpenSSL would free then is in use on the connection's thread.
        let initialize: @convention(c) (UInt64, Pointer?) -> CInt = try function("OPENSSL_init_ssl")
        guard initialize(Self.withoutExitHandler, nil) == 1 else { throw MissingSymbol() }
        clientMethod = try function("TLS_client_method")
        makeContext = try function("SSL_CTX_new")
        freeContext = try function("SSL_CTX_free")
        controlContext = try function("SSL_CTX_ctrl")
        useSystemAuthorities = try function("SSL_CTX_set_default_verify_paths")
        loadAuthorities = try function("SSL_CTX_load_verify_locations")
        useCertificate = try function("SSL_CTX_use_certificate_chain_file")
        useKey = try function("SSL_CTX_use_PrivateKey_file")
        checkKey = try function("SSL_CTX_check_private_key")
        setVerification = try function("SSL_CTX_set_verify")
        makeSession = try function("SSL_new")
        freeSession = try function("SSL_free")
        connectState = try function("SSL_set_connect_state")
        setBuffers = try function("SSL_set_bio")
        controlSession = try function("SSL_ctrl")
        setHost = try function("SSL_set1_host")
        parameters = try function("SSL_get0_param")
        setAddress = try function("X509_VERIFY_PARAM_set1_ip_asc")
        handshake = try function("SSL_do_handshake")
        read = try function("SSL_read")
        write = try function("SSL_write")
        error = try function("SSL_get_error")
        verdict = try function("SSL_get_verify_result")
        verdictText = try function("X509_verify_cert_error_string")
        memoryMethod = try function("BIO_s_mem")
        makeBuffer = try function("BIO_new")
        readBuffer = try function("BIO_read")
        writeBuffer = try function("BIO_write")
        nextFault = try function("ERR_get_error")
        faultText = try function("ERR_error_string_n")
        clearFaults = try function("ERR_clear_error")
    }
}

internal import Glibc

/// One TLS connection as a transformation of bytes: what is to be sent and what has come pass through it, and it touches no
/// socket.
///
/// ```
///   command ─► encrypt ─► socket          socket ─► decrypt ─► parser of replies
/// ```
///
/// OpenSSL works on buffers in memory here, because on a socket of its own it would raise SIGPIPE and wait. Not safe for
/// concurrent use: its owner, ``RedisLink``, is behind the lock of its connection.
struct TLSSession: ~Copyable {
    private enum Control {
        static let mode: CInt = 33
        static let serverName: CInt = 55
        static let minimumVersion: CInt = 123
        static let version12: CLong = 0x0303
        /// Takes part of what it is given, from wherever that lies.
        static let partialWrites: CLong = 1 | 2
    }

    private static let wantsRead: CInt = 2
    private static let wantsWrite: CInt = 3
    private static let closed: CInt = 6
    private static let chunk = 16 << 10

    private let library: TLSLibrary
    private let context: TLSLibrary.Pointer
    private let session: TLSLibrary.Pointer
    /// What came from the socket, and what goes there; they belong to the session.
    private let incoming: TLSLibrary.Pointer
    private let outgoing: TLSLibrary.Pointer

    private init(
        _ library: TLSLibrary,
        context: TLSLibrary.Pointer,
        session: TLSLibrary.Pointer,
        incoming: TLSLibrary.Pointer,
        outgoing: TLSLibrary.Pointer
    ) {
        self.library = library
        self.context = context
        self.session = session
        self.incoming = incoming
        self.outgoing = outgoing
        library.setBuffers(session, incoming, outgoing)
        library.connectState(session)
        _ = library.controlSession(session, Control.mode, Control.partialWrites, nil)
    }

    /// Prepares a connection to a host.
    ///
    /// - Throws: ``RedisError/unavailable(_:)`` if a file of the options cannot be used.
    static func prepared(
        _ options: TLSOptions,
        host: String,
        library: TLSLibrary
    ) throws(RedisError) -> TLSSession {
        guard let context = library.makeContext(library.clientMethod()) else {
            throw .unavailable("TLS: out of memory")
        }
        var session: TLSLibrary.Pointer?
        do throws(RedisError) {
            try configure(context, options, library)
            session = library.makeSession(context)
            guard let made = session else { throw .unavailable("TLS: out of memory") }
            try expect(options.serverName ?? host, of: made, library)
            guard let incoming = library.makeBuffer(library.memoryMethod()),
                let outgoing = library.makeBuffer(library.memoryMethod())
            else { throw .unavailable("TLS: out of memory") }
            return TLSSession(library, context: context, session: made, incoming: incoming, outgoing: outgoing)
        } catch {
            library.freeSession(session)
            library.freeContext(context)
            throw error
        }
    }

    deinit {
        library.freeSession(session)
        library.freeContext(context)
    }

    private static func configure(
        _ context: TLSLibrary.Pointer,
        _ options: TLSOptions,
        _ library: TLSLibrary
    ) throws(RedisError) {
        library.clearFaults()
        let verifiesPeer: CInt = 1
        library.setVerification(context, verifiesPeer, nil)
        _ = library.controlContext(context, Control.minimumVersion, Control.version12, nil)
        let hasAuthorities =
            if let file = options.authorities {
                library.loadAuthorities(context, file, nil) == 1
            } else {
                library.useSystemAuthorities(context) == 1
            }
        guard hasAuthorities else {
            throw .unavailable("TLS: the trusted certificates (cacert) cannot be read: \(fault(library))")
        }
        guard let certificate = options.certificate else { return }
        let isPEM: CInt = 1
        guard library.useCertificate(context, certificate) == 1,
            library.useKey(context, options.key ?? certificate, isPEM) == 1, library.checkKey(context) == 1
        else { throw .unavailable("TLS: the certificate and its key (cert, key) cannot be used: \(fault(library))") }
    }

    /// Says whose certificate it must be: a name, which is also asked for (SNI), or an address.
    private static func expect(
        _ name: String,
        of session: TLSLibrary.Pointer,
        _ library: TLSLibrary
    ) throws(RedisError) {
        if library.setAddress(library.parameters(session), name) == 1 { return }
        library.clearFaults()
        let isAsked = name.withCString { text in
            library.controlSession(session, Control.serverName, 0, UnsafeMutableRawPointer(mutating: text)) == 1
        }
        guard isAsked, library.setHost(session, name) == 1 else {
            throw .unavailable("TLS: no certificate can be expected for the name \(name)")
        }
    }

    // MARK: - Bytes

    /// Goes on with the handshake; true once it is complete.
    ///
    /// - Throws: ``RedisError/unavailable(_:)`` if one side does not accept the other.
    func shakeHands(into output: inout [UInt8]) throws(RedisError) -> Bool {
        library.clearFaults()
        let status = library.handshake(session)
        let error = status == 1 ? 0 : library.error(session, status)
        collect(into: &output)
        if status == 1 { return true }
        guard error == Self.wantsRead || error == Self.wantsWrite else {
            let verdict = library.verdict(session)
            guard verdict != 0, let text = library.verdictText(verdict) else {
                throw .unavailable("TLS failed: \(Self.fault(library))")
            }
            throw .unavailable("the server's certificate is refused: \(String(cString: text))")
        }
        return false
    }

    /// Encrypts bytes behind what is to be sent.
    func encrypt(_ bytes: [UInt8], into output: inout [UInt8]) throws(RedisError) {
        library.clearFaults()
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { library.write(session, $0.baseAddress, CInt(clamping: $0.count)) }
            guard count > 0 else { throw .unavailable("the TLS connection broke: \(Self.fault(library))") }
            rest = rest.dropFirst(Int(count))
        }
        collect(into: &output)
    }

    /// Takes in what has come and hands over what it says, piece by piece.
    ///
    /// - Throws: ``RedisError/unavailable(_:)`` if it is no TLS, or the server ended the connection.
    func decrypt(
        _ bytes: UnsafeRawBufferPointer,
        into output: inout [UInt8],
        _ body: (UnsafeRawBufferPointer) throws(RedisError) -> Void
    ) throws(RedisError) {
        take(bytes)
        let plain = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.chunk, alignment: 16)
        defer { plain.deallocate() }
        while true {
            library.clearFaults()
            let count = library.read(session, plain.baseAddress, CInt(Self.chunk))
            guard count > 0 else {
                let error = library.error(session, count)
                collect(into: &output)
                if error == Self.wantsRead || error == Self.wantsWrite { return }
                let reason =
                    error == Self.closed ? "the server closed the connection" : "TLS failed: \(Self.fault(library))"
                throw .unavailable(reason)
            }
            try body(UnsafeRawBufferPointer(rebasing: plain[..<Int(count)]))
        }
    }

    /// Takes in bytes of the handshake.
    func take(_ bytes: UnsafeRawBufferPointer) {
        // A buffer in memory takes everything.
        _ = library.writeBuffer(incoming, bytes.baseAddress, CInt(clamping: bytes.count))
    }

    /// Moves what OpenSSL wants to send behind what is to be sent.
    private func collect(into output: inout [UInt8]) {
        withUnsafeTemporaryAllocation(byteCount: Self.chunk, alignment: 16) { buffer in
            while case let count = library.readBuffer(outgoing, buffer.baseAddress, CInt(Self.chunk)), count > 0 {
                output.append(contentsOf: buffer[..<Int(count)])
            }
        }
    }

    /// What went wrong, in OpenSSL's words.
    private static func fault(_ library: TLSLibrary) -> String {
        let code = library.nextFault()
        guard code != 0 else { return "no reason was given" }
        var text = [CChar](repeating: 0, count: 256)
        library.faultText(code, &text, text.count)
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

/// How a TLS connection knows the server, and how it makes itself known.
///
/// The server's certificate is always verified, with the name or address that was connected to.
package struct TLSOptions: Hashable, Sendable {
    /// A file of trusted certificates in PEM; nil for those of the system.
    package var authorities: String?
    /// A file of this client's certificate and those above it in PEM; nil for none.
    package var certificate: String?
    /// The file of its key in PEM; nil if that is in the same file.
    package var key: String?
    /// The name that the certificate must have and that is asked for (SNI); nil for the host of the URL.
    package var serverName: String?

    /// Creates options that trust what the system trusts.
    package init() {}
}

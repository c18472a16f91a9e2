/// Why a stored row cannot be used.
enum StoredDataFault: Error {
    /// The row's checksum is not that of its contents.
    case checksum
    /// The row names a symbol or a namespace that is not there.
    case danglingNumber
    /// A column holds what cannot be there: a digest of another length, a vector of a broken one.
    case malformedColumn
    /// An encrypted text was sealed with another key, or for another row.
    case notAuthentic
}

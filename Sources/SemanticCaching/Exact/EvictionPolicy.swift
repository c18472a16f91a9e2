/// Which entries go first when a limit is reached; expired ones always go before live ones.
public enum EvictionPolicy: String, Sendable, Hashable, Codable, CaseIterable {
    /// Those used least often of late: W-TinyLFU, which a scan of one-off questions cannot wash out.
    ///
    /// Einziger, Friedman, Manes: "TinyLFU: A Highly Efficient Cache Admission Policy", ACM Transactions on Storage
    /// 13(4), 2017, doi 10.1145/3149371.
    case tinyLFU = "w-tinylfu"
    /// Those that were not used for the longest time.
    case leastRecentlyUsed = "lru"
    /// Those that were stored first, used or not.
    case oldestFirst = "oldest-first"
    /// Those that save least: hits × saved latency or cost ÷ bytes, with aging.
    ///
    /// Greedy-Dual-Size-Frequency (Cherkasova, HPL-98-69R1, 1998) with the rounded priorities of CAMP
    /// (Ghandeharizadeh et al., Middleware 2014, doi 10.1145/2663165.2663317).
    case byValue = "value"
}

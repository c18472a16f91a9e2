// swift-tools-version: 6.1
import PackageDescription

// The arrows between modules are part of the design (docs/ARCHITECTURE.md): what is not listed here cannot be
// imported, because the build checks with --explicit-target-dependency-import-check error.

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let database: [Target.Dependency] = [
    .product(name: "GRDB", package: "GRDB.swift"), .product(name: "GRDBSQLite", package: "GRDB.swift"),
]
let httpClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let httpParts = Target.Dependency.product(name: "NIOHTTPTypes", package: "swift-nio-extras")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")

/// A module of the library; without a path it lies in Sources/.
func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

/// A program in Benchmarks/.
func benchmark(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(
        name: name,
        dependencies: dependencies,
        path: "Benchmarks/\(name)",
        swiftSettings: settings
    )
}

/// The tests of a module, with the module itself.
func tests(of module: String, _ dependencies: [Target.Dependency], resources: [Resource]? = nil) -> Target {
    .testTarget(
        name: "\(module)Tests",
        dependencies: [.byName(name: module)] + dependencies,
        resources: resources,
        swiftSettings: settings
    )
}

let package = Package(
    name: "semcache",
    products: [
        .library(name: "SemanticCaching", targets: ["SemanticCaching"]),
        .library(name: "Embeddings", targets: ["Embeddings"]),
        .library(name: "LocalEmbeddings", targets: ["LocalEmbeddings"]),
        .library(name: "OpenAI", targets: ["OpenAI"]),
        .library(name: "RedisTier", targets: ["RedisTier"]),
        .library(name: "SQLiteStorage", targets: ["SQLiteStorage"]),
        .library(name: "StrictJSON", targets: ["StrictJSON"]),
        .library(name: "VectorSearch", targets: ["VectorSearch"]),
        .library(name: "SemanticCachingTesting", targets: ["SemanticCachingTesting"]),
        .executable(name: "semcache", targets: ["semcache"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: []),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        .systemLibrary(name: "CBLAS"),
        .systemLibrary(name: "CHiredis"),
        .target(name: "CVectorKernels"),
        .target(
            name: "CBuildInformation",
            cSettings: [.define("SEMCACHE_COMMIT", to: "\"\(Context.environment["SEMCACHE_COMMIT"] ?? "unknown")\"")]
        ),
        module("VectorKernels", ["CVectorKernels", "CBLAS"]),
        module("VectorSearch", ["VectorKernels"]),
        module("StrictJSON"),
        module("Embeddings"),
        module("LocalEmbeddings", ["Embeddings", "VectorKernels"]),
        module("OpenAI", ["Embeddings", "StrictJSON", httpClient, nioCore, nioHTTP1, nioPosix]),
        module("SemanticCaching", ["Embeddings", "VectorKernels", "VectorSearch", "StrictJSON", crypto, logging]),
        module("SQLiteStorage", ["SemanticCaching", "StrictJSON", "VectorKernels", crypto] + database),
        module("RedisTier", ["SemanticCaching", "VectorKernels", "CHiredis", crypto, logging]),
        module("CacheTuning", ["SemanticCaching", "Embeddings", "StrictJSON", "VectorKernels", logging]),
        module(
            "CacheServer",
            [
                "SemanticCaching", "Embeddings", "OpenAI", "StrictJSON", hummingbird, hummingbirdCore, httpTypes,
                httpParts, nioCore, nioHTTP1, logging, crypto, lifecycle,
            ]
        ),
        module("SemanticCachingTesting", ["SemanticCaching", "Embeddings", "VectorSearch"]),
        .executableTarget(
            name: "semcache",
            dependencies: [
                "CBuildInformation", "CacheServer", "CacheTuning", "Embeddings", "LocalEmbeddings", "OpenAI",
                "RedisTier", "SQLiteStorage", "SemanticCaching", "StrictJSON", "VectorKernels", "VectorSearch",
                arguments, crypto, lifecycle, logging,
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: settings
        ),

        .target(name: "BenchmarkSupport", path: "Benchmarks/BenchmarkSupport", swiftSettings: settings),
        .target(name: "CAllocationCounter", path: "Benchmarks/CAllocationCounter"),
        benchmark(
            "ConversationBenchmarks",
            ["BenchmarkSupport", "SemanticCaching", "SemanticCachingTesting", "StrictJSON", arguments, logging]
        ),
        benchmark(
            "EmbeddingBenchmarks",
            ["BenchmarkSupport", "Embeddings", "LocalEmbeddings", "VectorKernels", arguments]
        ),
        benchmark(
            "EngineBenchmarks",
            [
                "BenchmarkSupport", "CAllocationCounter", "SemanticCaching", "SemanticCachingTesting", "Embeddings",
                "VectorSearch", arguments, logging,
            ]
        ),
        benchmark(
            "ExactCacheBenchmarks",
            ["BenchmarkSupport", "CAllocationCounter", "SemanticCaching", "SemanticCachingTesting", arguments]
        ),
        benchmark(
            "FlatBenchmarks",
            ["BenchmarkSupport", "VectorSearch", "VectorKernels", "SemanticCachingTesting", arguments]
        ),
        benchmark("IndexBenchmarks", ["BenchmarkSupport", "VectorSearch", "SemanticCachingTesting", arguments]),
        benchmark(
            "RedisBenchmarks",
            [
                "BenchmarkSupport", "RedisTier", "SemanticCaching", "SemanticCachingTesting", "Embeddings", "CHiredis",
                arguments, logging,
            ]
        ),
        benchmark("StaticServer", [hummingbird, httpTypes, logging, nioCore, arguments]),
        benchmark(
            "StoreBenchmarks",
            ["BenchmarkSupport", "SQLiteStorage", "SemanticCaching", "Embeddings", arguments, logging] + database
        ),
        benchmark(
            "ThresholdBenchmarks",
            [
                "BenchmarkSupport", "CacheTuning", "SQLiteStorage", "SemanticCaching", "Embeddings", "LocalEmbeddings",
                arguments, logging,
            ]
        ),

        tests(of: "VectorKernels", ["CVectorKernels"]),
        tests(of: "VectorSearch", ["TestSupport", "VectorKernels", "SemanticCachingTesting", "CAllocationCounter"]),
        tests(of: "StrictJSON", ["SemanticCachingTesting"]),
        tests(of: "Embeddings", []),
        tests(of: "LocalEmbeddings", ["Embeddings", "VectorKernels"], resources: [.copy("Fixtures")]),
        tests(of: "OpenAI", ["Embeddings", "StrictJSON", nioCore, nioPosix, nioHTTP1, httpClient]),
        tests(
            of: "SemanticCaching",
            [
                "CAllocationCounter", "CSanitizedLocks", "SemanticCachingTesting", "Embeddings", "StrictJSON", logging,
            ]
        ),
        .target(name: "CSanitizedLocks", path: "Tests/CSanitizedLocks"),
        .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: settings),
        tests(of: "RedisTier", ["TestSupport", "SemanticCaching", "SemanticCachingTesting", "Embeddings", logging]),
        tests(of: "SQLiteStorage", ["SemanticCaching", "SemanticCachingTesting", "Embeddings", logging] + database),
        tests(of: "CacheTuning", ["SemanticCaching", "SemanticCachingTesting", "Embeddings"]),
        // It runs the program, which the dependency builds.
        .testTarget(
            name: "CommandLineTests",
            dependencies: [
                "semcache", "TestSupport", "SemanticCaching", "SemanticCachingTesting", "SQLiteStorage", "Embeddings",
            ],
            exclude: ["Golden"],
            swiftSettings: settings
        ),
        tests(
            of: "CacheServer",
            [
                "TestSupport", "SemanticCaching", "SemanticCachingTesting", "Embeddings", "OpenAI", "StrictJSON",
                hummingbird, httpParts, httpTypes, nioCore, .product(name: "NIOEmbedded", package: "swift-nio"),
                nioHTTP1, logging,
                crypto, lifecycle,
            ]
        ),
        .executableTarget(
            name: "StoreCrashChild",
            dependencies: ["SQLiteStorage", "SemanticCaching", "Embeddings"],
            path: "Tests/IntegrationTests/StoreCrashChild",
            swiftSettings: settings
        ),
        .testTarget(
            name: "StoreCrashTests",
            dependencies: ["StoreCrashChild", "SQLiteStorage", "SemanticCaching", "TestSupport"],
            path: "Tests/IntegrationTests/StoreCrashTests",
            swiftSettings: settings
        ),
    ]
)

// One folder, two builds: a suite of tests, or the fuzzers themselves, whose flags only scripts/fuzz gives.
let fuzzed: [Target.Dependency] = [
    "CacheServer", "LocalEmbeddings", "OpenAI", "RedisTier", "SemanticCaching", "StrictJSON", "VectorKernels",
    "VectorSearch", httpTypes, hummingbird, logging, nioCore,
]
if Context.environment["SEMCACHE_FUZZ"] == nil {
    package.targets.append(
        .testTarget(
            name: "FuzzingTests",
            dependencies: fuzzed + ["SemanticCachingTesting"],
            path: "Tests/Fuzzing",
            exclude: ["FuzzEntry.swift", "Seeds", "words.dict"],
            swiftSettings: settings
        )
    )
} else {
    package.targets.append(
        .executableTarget(
            name: "Fuzzing",
            dependencies: fuzzed,
            path: "Tests/Fuzzing",
            exclude: ["FuzzSmokeTests.swift", "InputMutator.swift", "Seeds", "words.dict"],
            swiftSettings: settings
        )
    )
}

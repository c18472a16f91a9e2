// swift-tools-version: 6.1
import PackageDescription

// The arrows between modules are part of the design: DESIGN (docs/ARCHITECTURE.md) allows these and no others, and
// `make lint` builds with --explicit-target-dependency-import-check error.

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let httpClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
    name: "semcache",
    products: [
        .library(name: "SemanticCaching", targets: ["SemanticCaching"]),
        .library(name: "Embeddings", targets: ["Embeddings"]),
        .library(name: "LocalEmbeddings", targets: ["LocalEmbeddings"]),
        .library(name: "VectorSearch", targets: ["VectorSearch"]),
        .library(name: "SemanticCachingTesting", targets: ["SemanticCachingTesting"]),
        .executable(name: "semcache", targets: ["semcache"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    ],
    targets: [
        .systemLibrary(name: "CBLAS"),
        .target(name: "CVectorKernels"),
        .target(name: "VectorKernels", dependencies: ["CVectorKernels", "CBLAS"], swiftSettings: settings),
        .target(name: "VectorSearch", dependencies: ["VectorKernels"], swiftSettings: settings),
        .target(name: "StrictJSON", swiftSettings: settings),
        .target(name: "Embeddings", swiftSettings: settings),
        .target(
            name: "LocalEmbeddings",
            dependencies: ["Embeddings", "VectorKernels", "StrictJSON"],
            swiftSettings: settings
        ),
        .target(
            name: "OpenAI",
            dependencies: ["Embeddings", "StrictJSON", httpClient, nioCore, nioHTTP1],
            swiftSettings: settings
        ),
        .target(
            name: "SemanticCaching",
            dependencies: ["Embeddings", "VectorSearch", "StrictJSON", crypto, logging],
            swiftSettings: settings
        ),
        .target(
            name: "SemanticCachingTesting",
            dependencies: ["SemanticCaching", "Embeddings"],
            swiftSettings: settings
        ),
        .target(
            name: "SQLiteStorage",
            dependencies: ["SemanticCaching", crypto, .product(name: "GRDB", package: "GRDB.swift")],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "semcache",
            dependencies: [
                "Embeddings", "LocalEmbeddings", "OpenAI", "SemanticCaching", "StrictJSON", "VectorKernels",
                "VectorSearch", arguments, crypto,
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "SemanticCachingTests",
            dependencies: ["SemanticCaching", "SemanticCachingTesting", "Embeddings", "StrictJSON", logging],
            swiftSettings: settings
        ),
    ]
)

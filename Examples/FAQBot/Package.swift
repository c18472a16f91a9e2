// swift-tools-version: 6.1
import PackageDescription

let package = Package(
    name: "FAQBot",
    dependencies: [.package(name: "semcache", path: "../..")],
    targets: [
        .executableTarget(
            name: "FAQBot",
            dependencies: [
                .product(name: "SemanticCaching", package: "semcache"),
                .product(name: "LocalEmbeddings", package: "semcache"),
            ]
        )
    ]
)

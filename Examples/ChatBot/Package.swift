// swift-tools-version: 6.1
import PackageDescription

let package = Package(
    name: "ChatBot",
    dependencies: [.package(name: "semcache", path: "../..")],
    targets: [
        .executableTarget(
            name: "ChatBot",
            dependencies: [
                .product(name: "SemanticCaching", package: "semcache"), .product(name: "OpenAI", package: "semcache"),
            ]
        )
    ]
)

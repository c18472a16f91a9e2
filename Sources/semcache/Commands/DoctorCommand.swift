import ArgumentParser
import Crypto
import Embeddings
import Foundation
import LocalEmbeddings
import StrictJSON
import VectorKernels

/// Looks at the machine: what is fast, what is missing, and which command mends it.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check this machine: processor, BLAS, model, memory; say what to do about each fault."
    )

    @OptionGroup var embedding: EmbedderOptions
    @OptionGroup var output: OutputOptions

    private struct Check {
        let name: String
        let value: String
        var advice: String?
        var isFault = false
    }

    func run() async throws {
        let checks = [platform, instructionSet, blas, await model, memory]
        if output.json {
            let list = checks.map { check -> JSONValue in
                ["name": .string(check.name), "value": .string(check.value), "advice": .text(check.advice)]
            }
            let isHealthy = !checks.contains { $0.advice != nil }
            let result: JSONValue = ["command": "doctor", "healthy": .bool(isHealthy), "checks": .array(list)]
            Terminal.write(result.serializedText)
        } else {
            for check in checks {
                Terminal.write("\(check.advice == nil ? "✓" : "!") \(check.name): \(check.value)")
                if let advice = check.advice { Terminal.write("    \(advice)") }
            }
        }
        if checks.contains(where: \.isFault) { throw ExitCode(Failure.Code.unavailable.rawValue) }
    }

    private var platform: Check {
        #if swift(>=6.3)
        let version = "Swift 6.3 or newer"
        #else
        let version = "Swift before 6.3"
        #endif
        let system = ProcessInfo.processInfo.operatingSystemVersionString
        return Check(name: "platform", value: "\(version), \(system), \(ProcessInfo.processInfo.processorCount) cores")
    }

    private var instructionSet: Check {
        let supported = InstructionSet.supported.map(\.rawValue).joined(separator: ", ")
        return Check(name: "instruction set", value: "\(InstructionSet.current.rawValue) (of \(supported))")
    }

    private var blas: Check {
        let provider = BLASProvider.current
        let advice =
            provider.isReference
            ? "this BLAS is about ten times slower than it could be; run: apt-get install libopenblas0-serial" : nil
        return Check(name: "BLAS", value: "\(provider.name) (\(provider.path))", advice: advice)
    }

    private var model: Check {
        get async {
            do {
                let embedder = try embedding.makeEmbedder()
                let start = ContinuousClock.now
                let embedding = try await embedder.embed("How do I reset my password?")
                let time = start.duration(to: .now).shortText
                let digest = digestOfWeights.map { ", SHA-256 \($0.prefix(16))…" } ?? ""
                return Check(
                    name: "model",
                    value: "\(embedder.model.id), \(embedding.vector.count) components, \(time) a question\(digest)"
                )
            } catch {
                let message = (error as? UnavailableError)?.message ?? "\(error)"
                return Check(name: "model", value: "not usable", advice: message, isFault: true)
            }
        }
    }

    private var digestOfWeights: String? {
        guard embedding.embeddingURL == nil,
            let weights = try? Data(
                contentsOf: URL(fileURLWithPath: embedding.modelFolder + "/model.safetensors"),
                options: .mappedIfSafe
            )
        else { return nil }
        return SHA256.hash(data: weights).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    private var memory: Check {
        let total = ProcessInfo.processInfo.physicalMemory >> 20
        let isScarce = total < 1_024
        return Check(
            name: "memory",
            value: "\(total) MiB",
            advice: isScarce ? "the local model needs about 200 MiB; prefer --embedding-url here" : nil
        )
    }
}

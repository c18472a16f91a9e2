import FoundationEssentials
import Glibc

// The program: libFuzzer's own arguments, and the target in the environment, as libFuzzer starts itself again to make an
// input smaller and gives only its own arguments on. `--list` prints the targets, `--write-seeds` writes what they make.

private let target: FuzzTarget = {
    let name = ProcessInfo.processInfo.environment["SEMCACHE_FUZZ_TARGET"] ?? ""
    guard let target = FuzzTarget.all.first(where: { $0.name == name }) else {
        print("SEMCACHE_FUZZ_TARGET must be one of: \(FuzzTarget.all.map(\.name).joined(separator: " "))")
        exit(64)
    }
    return target
}()

/// What libFuzzer calls with each input.
private let runInput: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt = { start, count in
    do { try target.run(Array(UnsafeBufferPointer(start: start, count: count))) } catch { fatalError("\(error)") }
    return 0
}

/// libFuzzer as a library (compiler-rt, FuzzerDriver.cpp).
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
    _ input: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// What the package manager makes the program's `main` of.
@_cdecl("Fuzzing_main")
public func fuzz(_ count: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?) -> CInt {
    let words = CommandLine.arguments
    if words.dropFirst().first == "--list" {
        print(FuzzTarget.all.map(\.name).joined(separator: "\n"))
        return 0
    }
    if words.count == 3, words[1] == "--write-seeds" {
        for (number, seed) in target.madeSeeds().enumerated() {
            FileManager.default.createFile(atPath: "\(words[2])/made-\(number)", contents: Data(seed))
        }
        return 0
    }
    _ = target
    var (count, arguments) = (count, arguments)
    return runDriver(&count, &arguments, runInput)
}

import ArgumentParser

/// A length of time as people write it: `45s`, `15m`, `12h`, `7d`, `2w`, or several of these such as `1d12h`.
struct DurationArgument: ExpressibleByArgument {
    let duration: Duration

    init?(argument: String) {
        guard let duration = DurationText.read(argument), duration > .zero else { return nil }
        self.duration = duration
    }
}

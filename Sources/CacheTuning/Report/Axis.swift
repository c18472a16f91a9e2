/// The values at which an axis is marked: a few round ones, from the beginning to the first that covers the range.
struct Axis {
    /// The marks, in order.
    let ticks: [Double]

    /// The end of the axis.
    var upper: Double { ticks[ticks.count - 1] }

    /// Creates an axis of three to seven marks in steps of 1, 2, 2.5 or 5 of some power of ten.
    init(_ range: ClosedRange<Double>) {
        let length = max(range.upperBound - range.lowerBound, 1e-12)
        var power = 1.0
        while power * 10 <= length { power *= 10 }
        while power > length { power /= 10 }
        let step = [0.2, 0.25, 0.5, 1, 2, 2.5, 5].map { $0 * power }.first { length / $0 <= 5.001 } ?? power
        let count = Int((length / step - 1e-6).rounded(.up))
        ticks = (0...count).map { range.lowerBound + Double($0) * step }
    }

    /// A mark in as few digits as tell it from the next.
    static func label(_ value: Double) -> String {
        let rounded = (value * 10_000).rounded() / 10_000
        return rounded == rounded.rounded() && abs(rounded) < 1e6 ? String(Int(rounded)) : String(rounded)
    }
}

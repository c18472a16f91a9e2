/// Raises an alarm when new labels are worse than the error curve foretold: the topics have changed.
///
/// Labels are compared before any fit sees them (prequentially): over the last 150 the surplus of wrong ones, divided by its
/// standard deviation under the curve.
public struct DriftMonitor: Hashable, Sendable, Codable {
    private static let window = 150
    /// The surplus, in standard deviations, that raises the alarm.
    public static let alarmLevel = 4.0
    private var surplus: [Double] = []
    private var variances: [Double] = []
    private var next = 0
    /// How often the alarm was raised.
    public private(set) var alarmCount = 0

    /// Creates a monitor that has seen nothing.
    public init() {}

    /// Whether the next label has its place: what was stored may be damaged.
    var isSound: Bool {
        surplus.count == variances.count && surplus.count <= Self.window && (0..<Self.window).contains(next)
            && surplus.allSatisfy(\.isFinite) && variances.allSatisfy { $0.isFinite && $0 >= 0 }
            && (0...Int(Int32.max)).contains(alarmCount)
    }

    /// The surplus of wrong labels, in standard deviations.
    public var statistic: Double {
        let variance = variances.reduce(0, +)
        return surplus.count < 40 || variance <= 0 ? 0 : surplus.reduce(0, +) / variance.squareRoot()
    }

    /// Whether new labels contradict the curve now.
    public var isAlarming: Bool { statistic > Self.alarmLevel }

    /// Adds a label and what was expected of it.
    public mutating func record(expectedError: Double, isWrong: Bool) {
        let wasAlarming = isAlarming
        let error = min(max(expectedError, 0.005), 0.995)
        let value = (isWrong ? 1 : 0) - error
        if surplus.count < Self.window {
            surplus.append(value)
            variances.append(error * (1 - error))
        } else {
            surplus[next] = value
            variances[next] = error * (1 - error)
            next = (next + 1) % Self.window
        }
        if isAlarming, !wasAlarming { alarmCount += 1 }
    }
}

/// Plots for a terminal without graphics.
public enum TerminalPlot {
    /// A curve in a frame of characters, with the ranges of both axes.
    public static func curve(_ points: [(x: Double, y: Double)], width: Int = 60, height: Int = 14) -> String {
        guard let left = points.map(\.x).min(), let right = points.map(\.x).max(), let top = points.map(\.y).max(),
            width > 1, height > 1
        else { return "" }
        var cells = Array(repeating: Array(repeating: Character(" "), count: width), count: height)
        for point in points {
            let column = right > left ? Int((point.x - left) / (right - left) * Double(width - 1)) : 0
            let row = top > 0 ? Int(point.y / top * Double(height - 1)) : 0
            cells[height - 1 - min(height - 1, max(0, row))][column] = "•"
        }
        let lines = cells.map { "│" + String($0) }
        return (lines + ["└" + String(repeating: "─", count: width), " x \(left) … \(right), y 0 … \(top)"]).joined(
            separator: "\n"
        )
    }
}

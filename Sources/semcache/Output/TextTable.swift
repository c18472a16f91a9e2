/// A table for terminals: columns are as wide as their widest cell, up to a limit.
struct TextTable {
    /// How a column is set.
    enum Alignment {
        case left
        case right
    }

    /// One column.
    struct Column {
        let title: String
        var alignment = Alignment.left
        var maximumWidth = 60
    }

    let columns: [Column]
    private(set) var rows: [[String]] = []

    init(_ columns: [Column]) { self.columns = columns }

    mutating func add(_ cells: [String]) { rows.append(cells) }

    var lines: [String] {
        let cut = ([columns.map(\.title)] + rows).map { row in
            zip(row, columns).map { $0.shortened(to: $1.maximumWidth) }
        }
        let widths = columns.indices.map { index in cut.map { $0[index].displayWidth }.max() ?? 0 }
        var lines = cut.map { row in
            let cells = row.indices.map { index in
                let padding = String(repeating: " ", count: widths[index] - row[index].displayWidth)
                return columns[index].alignment == .left ? row[index] + padding : padding + row[index]
            }
            return cells.joined(separator: "  ").trimmingTrailingSpaces
        }
        lines.insert(widths.map { String(repeating: "─", count: $0) }.joined(separator: "  "), at: 1)
        return lines
    }
}

extension String {
    /// The columns that the text takes on a terminal: two for wide characters, none for combining ones.
    var displayWidth: Int {
        reduce(0) { width, character in
            guard let scalar = character.unicodeScalars.first else { return width }
            switch scalar.value {
            case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
                0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
                return width + 2
            default: return width + 1
            }
        }
    }

    fileprivate func shortened(to limit: Int) -> String {
        let line = replacing("\n", with: " ")
        guard line.displayWidth > limit else { return line }
        var kept = ""
        for character in line where kept.displayWidth < limit - 1 { kept.append(character) }
        return kept + "…"
    }

    fileprivate var trimmingTrailingSpaces: String {
        var copy = Substring(self)
        while copy.last == " " { copy.removeLast() }
        return String(copy)
    }
}

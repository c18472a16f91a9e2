/// How the letters of a word are written.
enum Casing: UInt8, Sendable {
    /// `order`, and words of scripts without capitals.
    case lower
    /// `Order`.
    case title
    /// `ORDER`, `X`.
    case upper
    /// `iPhone`, `YouTube`.
    case mixed
    /// `dQwXgWcQ`, `getElementById`: three times from small to capital and not a word any more.
    case scrambled

    /// The casing of a run of letters.
    init(_ isCapital: ArraySlice<Bool>) {
        var capitals = 0
        var rises = 0
        var wasCapital = true
        for isCapital in isCapital {
            if isCapital {
                capitals += 1
                if !wasCapital { rises += 1 }
            }
            wasCapital = isCapital
        }
        if capitals == 0 {
            self = .lower
        } else if capitals == isCapital.count {
            self = .upper
        } else if rises >= 3 {
            self = .scrambled
        } else {
            self = capitals == 1 && isCapital.first == true ? .title : .mixed
        }
    }
}

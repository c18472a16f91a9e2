/// English antonyms.
///
/// Words made by `un-`, `dis-`, `de-`, `non-` and the like need no line: the guard sees the prefix.
enum EnglishOpposites {
    static let all: [Opposite] = actions + degrees + relations + qualities

    /// Things done and undone.
    private static let actions: [Opposite] = [
        .init(
            "enable|activate|turn on|turn…on|switch on|switch…on",
            "disable|deactivate|turn off|turn…off|switch off|switch…off|shut off"
        ),
        .init(
            "increase|raise|grow|boost|turn up|turn…up|louder",
            "decrease|reduce|lower|shrink|cut|turn down|turn…down|quieter"
        ),
        .init("buy|purchase", "sell|resell"),
        .init("add|insert|append|put", "remove|delete|erase|drop|take out"),
        .init("open|reopen", "close|shut"),
        .init("start|begin|launch", "stop|end|finish|terminate|quit|stop"),
        .init("accept|approve|allow|permit|say yes", "decline|reject|deny|refuse|forbid|prohibit|ban|say no"),
        .init("upload", "download"),
        .init(
            "log in|login|sign in|log into|sign into|log on|log…in",
            "log out|logout|sign out|log off|logoff|sign off|log…out"
        ),
        .init("gain|win|won", "lose|lost"),
        .init("import", "export"),
        .init("push", "pull"),
        .init("arrive|arrival", "depart|departure|leave"),
        .init("deposit|pay in", "withdraw|withdrawal|withdrawals"),
        .init("lend|lent|loan out", "borrow|borrowed"),
        .init("send", "receive"),
        .init("teach", "learn"),
        .init("hire|recruit", "fire|dismiss|lay off"),
        .init("create|set up", "destroy|delete"),
        .init("save", "discard|delete"),
        .init("show|unhide", "hide"),
        .init("attach", "detach"),
        .init("follow", "unfollow"),
        .init("join", "leave|quit"),
        .init("check in|check…in", "check out|check…out"),
        .init("zoom in", "zoom out"), .init("opt in", "opt out"),
        .init("plug in|plug…in", "unplug"),
        .init("renew|extend", "cancel|terminate|end"),
        .init("book|reserve", "cancel"),
        .init("lock|lock up", "unlock"),
        .init("encode|encrypt|compress|zip", "decode|decrypt|decompress|unzip"),
        .init("remember", "forget"), .init("succeed|success", "fail|failure"),
        .init("pause", "resume|continue"),
        .init("inflate", "deflate"),
        .init("expand", "collapse|contract"),
        .init("hyperthyroidism", "hypothyroidism"), .init("hypertension", "hypotension"),
        .init("hyperglycemia", "hypoglycemia"),
        .init("work|working|function|functioning", "broken|down|out of order|malfunction|malfunctioning|crash"),
        .init("agree", "disagree"), .init("subscribe", "unsubscribe"),
        .init("rise", "fall"),
        .init("merge|combine|unite", "split|separate|divide"), .init("connect|link", "disconnect|unlink"),
        .init("upgrade", "downgrade"), .init("mount", "unmount"), .init("block", "unblock"), .init("mute", "unmute"),
        .init("archive", "unarchive"), .init("freeze", "thaw|unfreeze"), .init("ascend|climb", "descend"),
        .init("promote", "demote"), .init("credit", "debit"), .init("rent out", "rent from"), .init("earn", "spend"),
        .init("pros|pro|advantage|benefit|upside|strength", "cons|con|disadvantage|drawback|downside|weakness"),
    ]

    /// Bounds and extremes.
    private static let degrees: [Opposite] = [
        .init(
            "cheapest|lowest|least|minimum|smallest|fewest|min",
            "most expensive|highest|maximum|largest|biggest|greatest|max|most",
            guard: .comparison
        ),
        .init(
            "more than|over|above|at least|greater than|no less than|bigger than",
            "less than|under|below|at most|fewer than|no more than|up to|smaller than",
            guard: .comparison
        ),
        .init("earliest|early|earlier|sooner", "latest|late|later", guard: .comparison),
        .init("oldest|older|eldest", "newest|youngest|younger|newer", guard: .comparison),
        .init("best|better|top", "worst|worse|bottom", guard: .comparison),
        .init("fastest|faster|quicker|quickest", "slowest|slower", guard: .comparison),
        .init("longest|longer", "shortest|shorter", guard: .comparison),
        .init("taller|tallest", "shorter|shortest", guard: .comparison),
        .init("nearest|closest|near", "farthest|furthest|far", guard: .comparison),
        .init("first", "last|final"),
        .init("high", "low"), .init("higher", "lower", guard: .comparison),
        .init("wider|widest", "narrower|narrowest", guard: .comparison), .init("thicker|thickest", "thinner|thinnest"),
        .init("heavier|heaviest", "lighter|lightest", guard: .comparison),
        .init("hotter|hottest|warmer|warmest", "colder|coldest|cooler|coolest", guard: .comparison),
        .init("richer|richest", "poorer|poorest", guard: .comparison), .init("more", "less|fewer", guard: .comparison),
        .init("ascending", "descending"), .init("cheap|inexpensive", "expensive|costly|pricey"),
        .init("big|large", "small|little|tiny"), .init("heavy", "light"), .init("fast|quick", "slow"),
        .init("strong|stronger", "weak|weaker"),
    ]

    /// Place, order, belonging.
    private static let relations: [Opposite] = [
        .init("including", "excluding|except"),
        .init("before|prior to", "after|following"), .init("during", "after|before"),
        .init("previous|prior|preceding", "next|upcoming|following"),
        .init("last", "next"), .init("past", "future"),
        .init("up|upward|upstairs", "down|downward|downstairs"),
        .init(
            "inside|inner|indoor|indoors|internal|inbound|incoming",
            "outside|outer|outdoor|outdoors|external|outbound|outgoing"
        ),
        .init("include", "exclude"), .init("above", "below"),
        .init("front|frontend|front end", "back|rear|backend|back end"),
        .init("left", "right"), .init("clockwise", "counterclockwise|anticlockwise"), .init("upstream", "downstream"),
        .init("northern", "southern"), .init("eastern", "western"), .init("majority", "minority"),
        .init("domestic|national", "international|foreign|overseas|abroad"),
        .init("online", "offline"), .init("sender", "recipient|receiver"), .init("buyer", "seller"),
        .init("input", "output"), .init("parent", "child"), .init("sunrise", "sunset"), .init("vertical", "horizontal"),
        .init("prefix", "suffix"), .init("upper|uppercase", "lowercase"), .init("maternal", "paternal"),
        .init("head", "tail"), .init("numerator", "denominator"), .init("one way|single", "round trip|return ticket"),
        .init("prepaid", "postpaid"), .init("debit", "credit"),
    ]

    /// Properties.
    private static let qualities: [Opposite] = [
        .init("safe", "unsafe|dangerous|hazardous|risky"), .init("legal|lawful", "illegal|unlawful"),
        .init("possible", "impossible"), .init("hot|warm|hotter", "cold|cool|colder"), .init("full", "empty"),
        .init("true", "false"), .init("formal", "casual|informal"), .init("married", "single|unmarried|divorced"),
        .init("personal|private", "business|corporate|commercial"), .init("public", "private"),
        .init("physical", "virtual|digital"),
        .init("right|correct", "wrong|incorrect"), .init("positive", "negative"), .init("good", "bad"),
        .init("healthy", "unhealthy|sick"), .init("rich", "poor"), .init("wet", "dry"),
        .init("alive", "dead"), .init("easy|easier|easiest", "hard|difficult|harder|hardest"), .init("hard", "soft"),
        .init("happy", "sad|unhappy"), .init("manual|manually", "automatic|automatically"), .init("active", "inactive"),
        .init("free", "paid"), .init("optional", "mandatory|required|compulsory"), .init("temporary", "permanent"),
        .init("synchronous", "asynchronous"), .init("static", "dynamic"), .init("mutable", "immutable"),
        .init("raw", "cooked"), .init("vegetarian|vegan", "meat"), .init("male", "female"),
        .init("plural", "singular"), .init("guilty", "innocent"), .init("wide", "narrow"), .init("deep", "shallow"),
        .init("loud", "quiet"), .init("bright", "dark"), .init("thick", "thin"), .init("major", "minor"),
        .init("winner", "loser"),
        .init("refundable", "nonrefundable|non-refundable"), .init("tight", "loose"),
    ]
}

/// English irregular forms; they count as the base's word, and those of verbs as the past.
enum EnglishForms {
    /// Past tenses and participles that differ from the base.
    static let verbs: [(base: String, forms: String)] = [
        ("arise", "arose|arisen"), ("become", "became"), ("begin", "began|begun"), ("bite", "bitten"),
        ("blow", "blew|blown"), ("break", "broke"), ("bring", "brought"), ("build", "built"), ("buy", "bought"),
        ("catch", "caught"), ("choose", "chose|chosen"), ("come", "came"), ("deal", "dealt"), ("die", "died"),
        ("draw", "drew|drawn"),
        ("drink", "drank|drunk"), ("drive", "drove|driven"), ("eat", "ate|eaten"), ("fall", "fell|fallen"),
        ("feel", "felt"), ("fight", "fought"), ("find", "found"), ("fly", "flew|flown"), ("forget", "forgot|forgotten"),
        ("freeze", "froze|frozen"), ("give", "gave|given"), ("go", "went|gone"), ("grow", "grew|grown"),
        ("hear", "heard"), ("hide", "hid|hidden"), ("hold", "held"), ("keep", "kept"), ("know", "knew|known"),
        ("lead", "led"),
        ("lend", "lent"), ("lose", "lost"), ("make", "made"), ("mean", "meant"), ("meet", "met"),
        ("pay", "paid"), ("ride", "rode|ridden"), ("ring", "rang|rung"), ("run", "ran"), ("say", "said"),
        ("see", "saw|seen"),
        ("sell", "sold"), ("send", "sent"), ("shoot", "shot"), ("sing", "sang|sung"), ("sit", "sat"),
        ("sleep", "slept"),
        ("speak", "spoke|spoken"), ("spend", "spent"), ("stand", "stood"), ("steal", "stole|stolen"),
        ("swim", "swam|swum"),
        ("take", "took|taken"), ("teach", "taught"), ("tell", "told"), ("think", "thought"), ("throw", "threw|thrown"),
        ("understand", "understood"), ("wake", "woke|woken"), ("wear", "wore|worn"), ("win", "won"),
        ("write", "wrote|written"),
    ]

    /// Irregular plurals.
    static let nouns: [(base: String, forms: String)] = [
        ("child", "children"), ("man", "men"), ("woman", "women"), ("person", "people"), ("mouse", "mice"),
        ("tooth", "teeth"), ("foot", "feet"), ("wife", "wives"), ("life", "lives"), ("photo", "photograph|picture"),
    ]
}

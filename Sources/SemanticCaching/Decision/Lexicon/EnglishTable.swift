extension LanguageTable {
    /// English.
    static let english = LanguageTable(
        stopWords: """
            a an the of to in on at for by with from as is are was were be been being am do does did done have has had \
            having can could will would shall should may might must i you he she it we they me my mine your yours his \
            her hers its our ours their theirs him them us this that these those and or but if then so than too very \
            just please hi hello hey thanks thank s t re ve ll m d about into onto there here any some what which who \
            whom whose when where why how also again ever get got want need like would'd let lets us kindly yes ok okay
            """,
        determiners: "a an the my our some any this that these those please kindly just also hi hello hey thanks",
        negators: """
            not no never without none neither nor cannot n't cant dont doesnt didnt isnt arent wasnt werent wont \
            couldnt shouldnt wouldnt havent hasnt hadnt unable nothing nobody nowhere lack lacking hardly barely \
            except minus non avoid don't doesn't didn't isn't aren't wasn't weren't won't couldn't shouldn't wouldn't \
            haven't hasn't hadn't can't mustn't needn't ain't
            """,
        neutralPhrases: [
            "not only", "not just", "or not", "why not", "why don't", "don't know", "do not know", "dont know",
            "no idea", "not sure", "don't understand", "do not understand", "not understand", "not clear",
            "don't mind", "couldn't you", "won't you", "can't you", "can't wait", "isn't it", "doesn't it",
            "aren't they", "don't you", "is it not", "no problem", "no worries", "no doubt", "no matter",
            "not to mention",
            "nothing but", "if not", "no thanks", "can not wait", "wouldn't it", "not yet sure", "don't see why",
            "don't see how", "was wondering", "were wondering", "am wondering", "dunno", "no one knows", "nobody knows",
            "no longer than",
        ],
        opposites: EnglishOpposites.all,
        classes: EnglishClasses.all,
        questions: [
            (.count, "how many|what number of"), (.amount, "how much|what price|what cost"),
            (.duration, "how long|how quickly|how fast|how soon"), (.frequency, "how often|how frequently"),
            (.distance, "how far"), (.age, "how old|what age"), (.height, "how tall|how high|what height"),
            (.size, "how big|how large|how heavy|how wide|how deep"), (.manner, "how|in what way"),
            (.agent, "who|whom|whose"), (.time, "when|what time|what day|what date|what year|since when"),
            (.place, "where|which city|which country|what city|what country"),
            (.reason, "why|how come|what for|what is the reason|what's the reason|for what reason"),
            (.thing, "what|which"),
        ],
        numerals: [
            (0, "zero"), (1, "one"), (2, "two"), (3, "three"), (4, "four"), (5, "five"), (6, "six"), (7, "seven"),
            (8, "eight"), (9, "nine"), (10, "ten"), (11, "eleven"), (12, "twelve"), (13, "thirteen"), (14, "fourteen"),
            (15, "fifteen"), (16, "sixteen"), (17, "seventeen"), (18, "eighteen"), (19, "nineteen"), (20, "twenty"),
            (30, "thirty"), (40, "forty|fourty"), (50, "fifty"), (60, "sixty"), (70, "seventy"), (80, "eighty"),
            (90, "ninety"),
        ],
        scales: [
            (12, "dozen"), (100, "hundred"), (1000, "thousand"), (1_000_000, "million"),
            (1_000_000_000, "billion"), (1_000_000_000_000, "trillion"),
        ],
        ordinals: [
            (2, "second"), (3, "third"), (4, "fourth"), (5, "fifth"), (6, "sixth"), (7, "seventh"),
            (8, "eighth"), (9, "ninth"), (10, "tenth"), (11, "eleventh"), (12, "twelfth"), (20, "twentieth"),
            (30, "thirtieth"), (100, "hundredth"),
        ],
        tenses: [
            (.past, "was|were|did|had|wasn't|weren't|didn't|hadn't|used to"),
            (.present, "is|are|am|does|do|isn't|aren't|doesn't|don't|currently"),
            (.future, "will|shall|won't"), (.goingTo, "going to|gonna"),
            (.perfect, "has|have|hasn't|haven't"),
        ],
        persons: [
            (.first, "my|mine|our|ours"), (.second, "your|yours"), (.third, "his|her|hers|their|theirs"),
            (.firstSubject, "i|we"), (.secondSubject, "you"),
        ],
        connectors: [
            (.from, "from|out of"), (.to, "to|into|onto|towards|toward|in to"),
            (.coordinating, "and|or|vs|versus|&|plus|nor|and/or"),
        ],
        irregularForms: EnglishForms.verbs,
        irregularNouns: EnglishForms.nouns,
        idioms: "one another|no one|one by one|one of|at once"
    )
}

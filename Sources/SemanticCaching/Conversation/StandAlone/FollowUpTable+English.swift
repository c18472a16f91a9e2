extension FollowUpTable {
    /// English.
    ///
    /// Pronouns of the first and second person are missing on purpose: they mean the same in every conversation
    /// as far as the words go. `it` and `that` count even where grammar would make them harmless.
    public static let english = FollowUpTable(
        references: [
            "he", "him", "his", "himself", "she", "her", "hers", "herself", "it", "its", "itself", "they", "them",
            "their", "theirs", "themselves", "this", "that", "these", "those", "one", "ones", "such", "same", "former",
            "latter", "both", "neither", "either", "each", "other", "others", "another", "there", "then", "here",
            "above", "below", "previous", "previously", "earlier", "aforementioned", "mentioned", "said", "second",
            "third", "fourth", "fifth", "last", "next", "first", "respectively", "itself", "thereof", "therefore",
            "thus", "hence", "all of", "some of", "none of", "any of", "most of", "which of", "the rest", "do so",
            "did so", "as you", "you mean", "you meant", "you recommend", "you suggested", "you told", "you just",
            "your answer", "your last", "your previous", "we discussed", "we talked", "i mean", "i meant", "i told",
            "will i", "am i", "did i", "have i", "was i",
        ],
        openings: [
            "and", "but", "or", "so", "also", "ok", "okay", "yes", "yeah", "yep", "no", "nope", "nah", "sure", "well",
            "right", "alright", "then", "because", "plus", "hmm", "oh", "ah", "wait", "actually", "thanks", "thank",
            "please", "great", "good", "nice", "perfect", "cool", "fine", "correct", "wrong", "really", "sorry",
            "what about", "how about", "what if", "why not", "how so", "what else", "who else", "where else",
            "anything else", "something else", "how come", "like what", "such as", "for example", "even if", "only",
            "with", "without", "in that", "if so", "if not", "to be", "not", "maybe", "definitely", "exactly",
        ],
        continuations: [
            "also", "else", "too", "instead", "again", "anymore", "still", "otherwise", "continue", "go on", "go ahead",
            "elaborate", "rephrase", "repeat", "summarize", "summarise", "shorten", "translate", "rewrite", "undo",
            "in more detail", "more details", "more detail", "tell me more", "more about", "more examples",
            "as well", "after all", "in that case", "by the way", "meanwhile", "afterwards", "afterward", "besides",
            "furthermore", "moreover", "however", "though", "although", "keep going", "carry on", "similar",
            "different", "alternative", "alternatives", "selected", "chosen",
        ],
        comparatives: [
            "more", "less", "fewer", "better", "worse", "cheaper", "bigger", "smaller", "larger", "faster", "slower",
            "longer", "shorter", "older", "younger", "newer", "later", "sooner", "closer", "nearer", "farther",
            "further", "higher", "lower", "stronger", "weaker", "easier", "harder", "simpler", "safer", "lighter",
            "heavier", "warmer", "colder", "quicker", "earlier", "best", "worst", "cheapest", "biggest", "smallest",
            "fastest", "nearest", "closest", "difference",
        ],
        endings: [
            "do", "does", "did", "can", "could", "will", "would", "should", "is", "are", "was", "were", "has", "have",
            "with", "about", "for", "of", "from", "to", "not", "than", "why", "how", "when", "where", "who", "what",
        ],
        interrogatives: [
            "what", "what's", "whats", "which", "who", "who's", "whom", "whose", "when", "when's", "where", "where's",
            "why", "how", "how's", "is", "are", "am", "was", "were", "do", "does", "did", "can", "could", "will",
            "would",
            "should", "shall", "may", "might", "must", "has", "have", "had", "isn't", "aren't", "don't", "doesn't",
            "can't", "won't",
        ],
        predicates: [
            "available", "included", "open", "closed", "possible", "required", "needed", "necessary", "allowed", "free",
            "enough", "correct", "right", "true", "ready", "done", "nearby", "cost", "costs", "full", "sold", "working",
        ],
        auxiliaries: [
            "is", "are", "am", "was", "were", "do", "does", "did", "can", "could", "will", "would", "should", "shall",
            "may", "might", "must", "has", "have", "had", "isn't", "aren't", "don't", "doesn't", "can't", "won't",
        ],
        ownSubjects: [
            "i", "you", "we", "a", "an", "the", "my", "your", "our", "every", "everyone", "everybody", "anyone",
            "anybody", "someone", "somebody", "people", "nobody",
        ],
        errands: [
            "find", "book", "look", "get", "offer", "show", "tell", "give", "search", "reserve", "check", "help",
            "make",
            "buy", "play", "add", "schedule", "recommend", "suggest", "send", "set", "arrange", "order", "locate",
            "confirm", "provide", "share", "pick", "choose", "start", "stop", "turn", "open", "close", "call",
        ],
        times: [
            "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "mondays", "tuesdays",
            "wednesdays", "thursdays", "fridays", "saturdays", "sundays", "weekend", "weekends", "weekday", "weekdays",
            "morning", "mornings", "afternoon", "afternoons", "evening", "evenings", "night", "nights", "noon",
            "midnight", "today", "tomorrow", "tonight", "yesterday", "day", "days", "week", "weeks", "month", "months",
            "year", "years", "hour", "hours", "minute", "minutes", "time", "times", "holiday", "holidays", "january",
            "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
            "december", "now", "spring", "summer", "autumn", "fall", "winter", "average", "general", "advance", "total",
        ],
        functionWords: [
            "a", "an", "the", "i", "me", "my", "mine", "you", "your", "yours", "we", "us", "our", "ours", "is", "are",
            "am", "was", "were", "be", "been", "being", "do", "does", "did", "done", "doing", "can", "could", "will",
            "would", "shall", "should", "may", "might", "must", "have", "has", "had", "having", "what", "what's",
            "whats", "which", "who", "whom", "whose", "where", "where's", "when", "why", "how", "how's", "who's",
            "to", "of", "in", "on", "at", "by", "for", "from", "with", "about", "into", "over", "under", "between",
            "and", "or", "but", "if", "as", "than", "not", "no", "don't", "doesn't", "can't", "isn't", "any", "some",
            "much", "many", "there", "it", "get", "got", "want", "need", "know", "tell", "show", "give", "let", "make",
            "use", "using", "like", "please", "i'm", "i'd", "i've", "just", "very", "also", "out", "up", "off", "go",
            "per",
        ],
        innocent: [
            "is there a", "is there an", "is there any", "are there any", "other than", "each other", "first name",
            "last name", "first time", "one-time", "first aid", "second hand", "difference between", "differ from",
        ],
        minimumContent: 2
    )
}

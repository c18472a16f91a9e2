/// English closed classes.
///
/// The order of members is shared with the other languages' tables.
enum EnglishClasses {
    static let all: [WordClass] = [
        WordClass(
            "weekday",
            guard: .dates,
            [
                "monday", "tuesday|tue|tues", "wednesday", "thursday|thu|thur|thurs", "friday|fri",
                "saturday", "sunday", "weekend", "weekday",
            ]
        ),
        WordClass(
            "month",
            guard: .dates,
            [
                "january|jan", "february|feb", "march", "april|apr", "~may", "june|jun", "july|jul",
                "august|aug", "september|sept|sep", "october|oct", "november|nov", "december|dec",
            ]
        ),
        WordClass(
            "day",
            guard: .dates,
            [
                "today|tonight", "tomorrow|tmrw", "yesterday", "day after tomorrow", "day before yesterday",
            ]
        ),
        WordClass("season", guard: .dates, ["spring", "summer", "autumn", "winter"]),
        WordClass(
            "part of day",
            guard: .times,
            ["morning", "afternoon", "evening", "night|tonight|overnight", "lunchtime"]
        ),
        WordClass(
            "period",
            guard: .dates,
            ["daily", "weekly", "biweekly|fortnightly", "monthly", "quarterly", "yearly|annual|annually", "hourly"]
        ),
        WordClass(
            "language",
            guard: .language,
            [
                "english", "french", "german", "spanish", "italian", "chinese|mandarin", "japanese", "korean",
                "portuguese", "russian", "arabic", "hindi", "dutch", "turkish", "cantonese", "polish", "swedish",
                "greek",
                "hebrew", "thai", "vietnamese", "latin", "ukrainian", "danish", "norwegian", "finnish", "czech",
            ]
        ),
        WordClass(
            "colour",
            [
                "red", "blue", "green", "black", "white", "yellow", "pink", "purple|violet", "orange", "gray|grey",
                "brown", "golden", "silver",
            ]
        ),
        WordClass(
            "size",
            ["small|size s", "medium|size m", "large|size l", "xl|size xl", "xxl|size xxl", "xs|size xs"]
        ),
        WordClass(
            "programming language",
            [
                "python", "java", "javascript|js", "rust", "golang", "ruby", "c++|cpp", "c#|csharp", "php", "swift",
                "kotlin", "typescript", "perl", "scala", "haskell", "matlab", "fortran", "cobol", "elixir", "lua",
            ]
        ),
        WordClass(
            "format",
            [
                "json", "yaml", "xml", "csv", "html", "markdown", "pdf", "excel|xlsx|xls", "docx", "png", "jpeg|jpg",
                "gif", "svg",
                "mp3", "mp4", "toml", "sql", "parquet",
            ]
        ),
        WordClass(
            "whose age or sex",
            [
                "men's|male", "women's|female", "child|children|kid|children's|kids", "adult|grown up",
                "baby|infant|toddler",
                "senior|elderly", "teenager|teen",
            ]
        ),
        WordClass(
            "relative",
            [
                "mother|mom|mum|mommy", "father|dad|daddy", "brother", "sister", "husband", "wife", "son", "daughter",
                "uncle", "aunt", "grandmother|grandma", "grandfather|grandpa", "girlfriend", "boyfriend",
            ]
        ),
        WordClass("compass", ["north|northern", "south|southern", "east|eastern", "west|western"]),
        WordClass("side", ["left side|left hand|left", "right side|right hand"]),
        WordClass(
            "operating system",
            ["windows", "macos|mac os|osx", "linux", "android", "ios", "ubuntu", "chromeos"]
        ),
        WordClass("browser", ["chrome", "firefox", "safari", "internet explorer"]),
        WordClass(
            "database",
            [
                "mysql", "postgres|postgresql", "sqlite", "mongodb|mongo", "redis", "oracle", "cassandra", "mariadb",
                "sql server",
            ]
        ),
        WordClass(
            "card network",
            [
                "visa card", "mastercard|master card", "american express|amex", "paypal", "apple pay", "google pay",
                "alipay", "wechat pay",
            ]
        ),
        WordClass("meal", ["breakfast", "lunch", "dinner|supper", "brunch"]),
        WordClass(
            "continent",
            ["africa", "asia", "europe", "antarctica", "north america", "south america", "australia"]
        ),
        WordClass("taste", ["sweet", "sour", "salty", "bitter", "spicy"]),
        WordClass("fuel", ["petrol|gasoline", "diesel", "hybrid"]),
        WordClass("shape", ["circle", "square", "triangle", "rectangle", "cube", "sphere", "cylinder", "cone"]),
        WordClass("part of document", ["title", "body", "abstract", "footer", "header"]),
    ]
}

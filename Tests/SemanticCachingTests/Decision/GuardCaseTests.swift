import SemanticCaching
import Testing

/// Capitals say nothing, except where they do.
@Suite struct GuardCaseTests {
    static let different: [(String, String)] = [
        ("status of ticket aB3xYz", "status of ticket Ab3xYz"),
        ("status of ticket aB3xYz", "status of ticket ab3xyz"),
        ("where is order #A12b", "where is order #a12B"),
        ("who sings dQw4w9WgXcQ", "who sings dQw4w9WgXcq"),
        ("who sings 9bZkp7q19f0", "who sings 9bZkp7Q19f0"),
        ("open https://youtu.be/dQwXgWcQaBc", "open https://youtu.be/dQwXgWcQabc"),
        ("what is dQwXgWcQaBc", "what is dQwXgWcQabc"),
        ("what is in /home/A/Notes.txt", "what is in /home/a/notes.txt"),
        ("what is in src/Main.swift", "what is in src/main.swift"),
        ("what does git branch -d x do", "what does git branch -D x do"),
        ("explain grep -v", "explain grep -V"),
        ("what does foo_Bar() return", "what does foo_bar() return"),
        ("How many Mb is 100 MB?", "How many MB is 100 Mb?"),
        ("How do I mix 0.1 M HCl?", "How do I mix 0.1 m HCl?"),
        ("how fast is 5M", "how fast is 5m"),
        ("What are the properties of Co?", "What are the properties of CO?"),
        ("What is IT?", "What is it?"),
        ("what is IT", "what is it"),
        ("Please explain IT support", "explain it support"),
        ("Can we trust the WHO?", "Can we trust the who?"),
        ("Is the set X in class Y?", "Is the set x in class Y?"),
    ]

    static let same: [(String, String)] = [
        ("What is an ATM?", "what is an atm"),
        ("How do I reset my password", "HOW DO I RESET MY PASSWORD"),
        ("WHAT IS IT FOR", "what is it for"),
        ("How do I use AI?", "how do i use ai"),
        ("my TV is broken", "my tv is broken"),
        ("is my iPhone covered", "is my iphone covered"),
        ("is my iPhone covered", "is my IPhone covered"),
        ("How do I use YouTube?", "how do i use Youtube"),
        ("what is Node.js", "what is node.js"),
        ("Where is parcel AB-1234?", "where is parcel ab-1234"),
        ("what is an MP3", "Mp3? what is an mp3"),
        ("Mp3 players", "MP3 players"),
        ("is 5G safe", "is 5g safe"),
        ("mail it to Ann@Example.com", "mail it to ann@example.com"),
        ("open HTTPS://Example.com/a", "open https://example.com/a"),
        ("how do I learn C?", "How do i learn c?"),
        ("How Do I Reset My Password", "how do i reset my password"),
        ("my state Id number", "my state ID number"),
        ("phones under 1000Rs", "phones under 1000rs"),
        ("I do NOT want it", "I do not want it"),
        ("It is late", "it is late"),
        ("run 10 KM", "run 10 km"),
        ("What is vitamin A", "What is vitamin a"),
        ("tea and/or coffee", "Tea And/Or Coffee"),
        ("help me -please", "help me please"),
        ("wie geht ÖPNV", "wie geht öpnv"),
    ]

    @Test(arguments: different)
    func capitalsTellQuestionsApart(_ first: String, _ second: String) { expectApart(first, second) }

    @Test(arguments: same)
    func capitalsSayNothingElse(_ first: String, _ second: String) { expectAlike(first, second) }
}

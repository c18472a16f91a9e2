/// How a connection is made and kept.
package struct RedisConnectionSettings: Sendable {
    /// The user; nil for the default one.
    package var user: String?
    /// The password; nil for none.
    package var password: String?
    /// The number of the database.
    package var database = 0
    /// How the connection is secured; nil for one in the clear.
    package var tls: TLSOptions?
    /// How long connecting and logging in may take.
    package var connectDeadline: Duration = .seconds(2)
    /// How long the server may owe an overdue reply before the connection is made anew.
    package var stall: Duration = .seconds(1)
    /// How long a caller on an idle connection waits for its reply on its own thread before it is suspended; 0 for never.
    package var patience: Duration = .zero
    /// The first wait before another try.
    package var firstRetry: Duration = .milliseconds(50)
    /// The longest wait before another try.
    package var longestRetry: Duration = .seconds(5)
    /// How the connection is called in `CLIENT LIST`.
    package var clientName = "semcache"

    /// Scripts that the server is to know; it forgets them when it restarts.
    package var scripts: [String] = []

    /// Creates the default settings.
    package init() {}

    /// What is said at the beginning of a connection; the last command finds out whether the server is able to work.
    var greeting: [RedisCommand] {
        var commands: [RedisCommand] = []
        if let password { commands.append(RedisCommand("AUTH", user.map { [$0, password] } ?? [password])) }
        if database != 0 { commands.append(RedisCommand("SELECT", [database])) }
        commands.append(RedisCommand("CLIENT SETNAME", [clientName]))
        commands += scripts.map { RedisCommand("SCRIPT LOAD", [$0]) }
        return commands + [RedisCommand("PING")]
    }
}

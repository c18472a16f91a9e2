import ArgumentParser
import SemanticCaching

/// Which answers a command is about; every condition that is given must hold.
struct FilterOptions: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("Only answers of this namespace.", valueName: "name"))
    var namespace: String?

    @Option(name: .long, help: ArgumentHelp("Only answers of this owner.", valueName: "name"))
    var tenant: String?

    @Option(name: .long, help: ArgumentHelp("Only answers with this tag, such as doc:42.", valueName: "tag"))
    var tag: String?

    @Option(name: .long, help: ArgumentHelp("Only answers of this language model.", valueName: "name"))
    var modelName: String?

    @Option(name: .long, help: ArgumentHelp("Only answers of this version of the prompts.", valueName: "version"))
    var promptVersion: String?

    @Option(name: .long, help: ArgumentHelp("Only answers older than this, such as 12h, 7d or 2w.", valueName: "time"))
    var olderThan: DurationArgument?

    @Option(name: .long, help: ArgumentHelp("Only answers to a question that starts with this.", valueName: "text"))
    var prefix: String?

    /// The conditions as stores understand them; a tenant alone is not among them, see ``admits(_:)``.
    var filter: EntryFilter {
        var filter = EntryFilter()
        filter.namespace = namespace.map { NamespaceID(tenant: tenant ?? "", name: $0) }
        filter.tag = tag
        filter.model = modelName
        filter.promptVersion = promptVersion
        filter.createdBefore = olderThan.map { SystemClock().now - $0.duration }
        filter.questionPrefix = prefix
        return filter
    }

    /// The conditions as a selector for removal.
    var selector: InvalidationSelector {
        var selector = InvalidationSelector()
        selector.filter = filter
        if namespace == nil { selector.tenant = tenant }
        return selector
    }

    /// Whether an answer that passed the filter is one of the tenant's.
    func admits(_ entry: CacheEntry) -> Bool { tenant.map { $0 == entry.namespace.tenant } ?? true }
}

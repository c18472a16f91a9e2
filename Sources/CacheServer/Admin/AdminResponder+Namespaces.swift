internal import HTTPTypes
internal import Hummingbird
internal import SemanticCaching
internal import StrictJSON

extension AdminResponder {
    func namespaces(_ request: AdminRequest) async throws -> Response {
        let statistics = await cache.statistics()
        let usage = try await cache.store.usageByNamespace()
        let ids = Set(statistics.namespaces.keys).union(usage.keys).sorted { $0.description < $1.description }
        return .json([
            "namespaces": .array(
                ids.map { id in
                    [
                        "tenant": .string(id.tenant), "namespace": .string(id.name),
                        "lookups": .object(AdminJSON.statistics(statistics.namespaces[id] ?? LookupStatistics())),
                        "entries": .integer(usage[id]?.entries ?? 0),
                        "questions": .integer(usage[id]?.questions ?? 0), "bytes": .integer(usage[id]?.bytes ?? 0),
                        "threshold": AdminJSON.number(cache.settings(of: id).threshold),
                    ]
                }
            )
        ])
    }

    func namespaceSettings(_ request: AdminRequest) async throws -> Response {
        let id = request.namespace()
        var object = AdminJSON.settings(cache.settings(of: id))
        object["tenant"] = .string(id.tenant)
        object["namespace"] = .string(id.name)
        return .json(.object(object))
    }

    /// Changes the settings that the body names; they hold until the process ends.
    func changeNamespaceSettings(_ request: AdminRequest) async throws -> Response {
        let body = try await request.body()
        var fault: (any Error)?
        // All members or none, on top of what anybody else has changed until then.
        try cache.updateSettings(of: request.namespace()) { settings in
            var changed = settings
            do {
                for member in body.members { try Self.apply(member, to: &changed) }
                settings = changed
            } catch {
                fault = error
            }
        }
        if let fault { throw fault }
        return try await namespaceSettings(request)
    }

    private static func apply(_ member: JSONObject.Member, to settings: inout NamespaceSettings) throws {
        func number(_ range: ClosedRange<Double>) throws -> Double {
            guard let value = member.value.doubleValue, range.contains(value) else {
                throw AdminRequest.fault(member.key, "a number from \(range.lowerBound) to \(range.upperBound)")
            }
            return value
        }
        func count() throws -> Int {
            guard let value = member.value.intValue, (1...AdminRequest.greatestInteger).contains(value) else {
                throw AdminRequest.fault(member.key, "a whole number from 1 to \(AdminRequest.greatestInteger)")
            }
            return value
        }
        func flag() throws -> Bool {
            guard let value = member.value.boolValue else { throw AdminRequest.fault(member.key, "true or false") }
            return value
        }
        func duration(from least: Double = 0) throws -> Duration { .seconds(try number(least...1e10)) }
        // A lifetime of less than a millisecond is a mistake: nothing stored so would ever be served.
        func lifetime() throws -> Duration? { member.value.isNull ? nil : try duration(from: 0.001) }
        switch member.key {
        case "threshold": settings.threshold = Float(try number(0...1))
        case "matches_meaning": settings.matchesMeaning = try flag()
        case "time_to_live_seconds": settings.timeToLive = try lifetime()
        case "idle_timeout_seconds": settings.idleTimeout = try lifetime()
        case "stale_while_revalidate_seconds": settings.staleWhileRevalidate = try duration()
        case "stale_if_error_seconds": settings.staleIfError = try duration()
        case "maximum_entries": settings.maximumEntries = try count()
        case "maximum_bytes": settings.maximumBytes = try count()
        case "maximum_temperature": settings.maximumTemperature = try number(0...2)
        case "deterministic_only": settings.deterministicOnly = try flag()
        case "stores_tool_calls": settings.storesToolCalls = try flag()
        case "maximum_reply_bytes": settings.maximumReplyBytes = try count()
        case "is_shadow": settings.isShadow = try flag()
        case "maximum_error_rate":
            // The namespace is built around it; the same rate passes, from whoever sends back what it was sent.
            let rate: Double? = member.value.isNull ? nil : try number(1e-6...0.5)
            guard rate == settings.maximumErrorRate else {
                throw ErrorAnswer(
                    .conflict,
                    code: "fixed_setting",
                    "\(member.key) stays as it is: only a restart with another configuration changes it."
                )
            }
        case "judge_rate": settings.judgeRate = try number(0...1)
        default:
            let known = AdminJSON.settings(settings).members.map(\.key).joined(separator: ", ")
            throw AdminRequest.fault(member.key, "one of \(known)")
        }
    }
}

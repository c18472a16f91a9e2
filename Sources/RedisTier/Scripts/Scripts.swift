/// The scripts of the tier.
///
/// They use what Redis 6 to 8 and Valkey 7 to 9 have in common.
///
/// Every script looks at all values it depends on before it writes the first: a key of another kind, as somebody else might
/// have made it, ends it with nothing done.
enum Scripts {
    static let all = [match, lease, put, remove, raiseEpoch, announce, renew, beat]

    /// Appends a change to the stream.
    ///
    /// Changes are counted; the first of a new stream begins an incarnation that is later than
    /// all before it.
    ///
    /// KEYS[1] meta, KEYS[2] stream, ARGV[1] length to trim the stream to, ARGV[2] replica
    private static let change = """
        local function incarnation()
          local known = redis.call('HGET', KEYS[1], 'n')
          local last = redis.call('XREVRANGE', KEYS[2], '+', '-', 'COUNT', 1)[1]
          local least = 0
          if last then least = tonumber(string.match(last[1], '^(%d+)-')) end
          if known and tonumber(known) >= least then return known end
          local time = redis.call('TIME')
          local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
          return string.format('%.0f', math.max(now, least + 1))
        end
        local function change(incarnation, kind, data, key)
          if redis.call('HGET', KEYS[1], 'n') ~= incarnation then
            redis.call('HSET', KEYS[1], 'n', incarnation, 'c', 0, 'v', 0)
          end
          local number = redis.call('HINCRBY', KEYS[1], 'c', 1)
          redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[1], incarnation .. '-' .. string.format('%.0f', number),
            'o', kind, 'd', data, 'k', key, 'r', ARGV[2])
          return number
        end

        """

    /// The namespace's epoch; what is none of ours counts as none, as it does for replicas.
    private static let epoch = """
        local function epoch()
          local known = tonumber(redis.call('HGET', KEYS[1], 'e') or '0') or 0
          if known >= 0 and known < 9007199254740992 then return known end
          return 0
        end

        """

    /// The id behind a question: alone in a list, or as versions before wrote it, in a string.
    private static let answered = """
        local function answered(key)
          if redis.call('TYPE', key).ok == 'string' then return redis.call('GET', key) end
          return redis.call('LINDEX', key, 0)
        end

        """

    /// Removes one answer with its wordings, and marks it as removed for an hour: a store that comes late finds the mark.
    private static let drop = """
        local function drop(prefix, id)
          local entry = prefix .. 'e:' .. id
          local fields = redis.pcall('HKEYS', entry)
          if fields.err then fields = {} end
          for _, field in ipairs(fields) do
            if string.sub(field, 1, 1) == 'q' then
              local key = prefix .. 'k:' .. string.sub(field, 2)
              if redis.pcall('LINDEX', key, 0) == id or redis.pcall('GET', key) == id then redis.call('UNLINK', key) end
            end
          end
          redis.call('ZREM', prefix .. 'i', id)
          redis.call('SET', prefix .. 'x:' .. id, '1', 'PX', 3600000)
          return redis.call('UNLINK', entry)
        end

        """

    /// The answer to a request with the wording: two values, one of which may be missing, or nothing.
    ///
    /// What ``LookupCommand`` asks without a script, which some servers do not allow.
    ///
    /// KEYS[1] question; ARGV[1] prefix, ARGV[2] field
    static let match = LuaScript(
        name: "match",
        answered + """
            local id = answered(KEYS[1])
            return id and redis.call('HMGET', ARGV[1] .. 'e:' .. id, 'a', ARGV[2])
            """
    )

    /// The answer as `match` gives it; without one, 1 if the lease was taken and 0 if another has it.
    ///
    /// KEYS[1] question, KEYS[2] lease; ARGV[1] prefix, ARGV[2] field, ARGV[3] secret, ARGV[4] milliseconds
    static let lease = LuaScript(
        name: "lease",
        answered + """
            local id = answered(KEYS[1])
            if id then
              local values = redis.call('HMGET', ARGV[1] .. 'e:' .. id, 'a', ARGV[2])
              if values[1] and values[2] then return values end
            end
            if redis.call('SET', KEYS[2], ARGV[3], 'NX', 'PX', ARGV[4]) then return 1 end
            return 0
            """
    )

    /// Extends a lease, or with 0 milliseconds gives it back; 0 if it was not ours any more.
    ///
    /// KEYS[1] lease; ARGV[1] secret, ARGV[2] milliseconds
    static let renew = LuaScript(
        name: "renew",
        """
        if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
        if ARGV[2] == '0' then return redis.call('UNLINK', KEYS[1]) end
        return redis.call('PEXPIRE', KEYS[1], ARGV[2])
        """
    )

    /// Notes that a replica is alive, forgets those that were silent for ten seconds, and returns the others.
    ///
    /// KEYS[1] replicas, KEYS[2] times; ARGV[1] id or nothing, ARGV[2] what it says of itself
    static let beat = LuaScript(
        name: "beat",
        """
        local time = redis.call('TIME')
        local now = tonumber(time[1])
        if ARGV[1] ~= '' then
          redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
          redis.call('ZADD', KEYS[2], now, ARGV[1])
        end
        for _, silent in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now - 10)) do
          redis.call('HDEL', KEYS[1], silent)
          redis.call('ZREM', KEYS[2], silent)
        end
        return redis.call('HGETALL', KEYS[1])
        """
    )

    /// Stores an answer with a wording; says what came of it, as ``PutOutcome`` does.
    ///
    /// KEYS[1] meta, KEYS[2] stream, KEYS[3] ids, KEYS[4] entry, KEYS[5] question;
    /// ARGV[1] stream length, ARGV[2] replica, ARGV[3] prefix, ARGV[4] id, ARGV[5] answer, ARGV[6] wording's key,
    /// ARGV[7] wording, ARGV[8] expiry in milliseconds or nothing, ARGV[9] epoch, ARGV[10] 1 if the answer must be there,
    /// ARGV[11] incarnation and ARGV[12] number of the last change that the replica has applied, or -1 if it follows none
    ///
    /// An answer that a replica made before it heard of an invalidation must not come behind it: the last invalidation has
    /// its number in the field `v` of the meta.
    ///
    /// An answer that is there and ends earlier than is said now stays as it is, and so do all its wordings: another replica
    /// has shortened its life, and this one has not heard of it.
    static let put = LuaScript(
        name: "put",
        change + epoch + answered + drop + """
            local prefix, id = ARGV[3], ARGV[4]
            local incarnation = incarnation()
            redis.call('ZCARD', KEYS[3])
            local epoch = epoch()
            if tonumber(ARGV[9]) < epoch then return 0 end
            if redis.call('EXISTS', prefix .. 'x:' .. id) == 1 then return 3 end
            local invalidated = tonumber(redis.call('HGET', KEYS[1], 'v') or '0')
            local applied = tonumber(ARGV[12])
            if applied >= 0 and invalidated > 0 and (incarnation ~= ARGV[11] or invalidated > applied) then return 5 end
            local isThere = redis.call('HEXISTS', KEYS[4], 'a') == 1
            if not isThere and ARGV[10] == '1' then return 4 end
            local expiry = tonumber(ARGV[8]) or math.huge
            -- Adds nothing and returns the expiry: ZSCORE is none of the commands that accounts are given (docs/SCALING.md).
            local known = isThere and tonumber(redis.call('ZADD', KEYS[3], 'XX', 'INCR', '0', id) or '') or math.huge
            local old = answered(KEYS[5])
            if old and old ~= id then
              if old > id and redis.call('EXISTS', prefix .. 'e:' .. old) == 1 then return 2 end
              drop(prefix, old)
              change(incarnation, 'x', old, '')
            end
            if tonumber(ARGV[9]) > epoch then redis.call('HSET', KEYS[1], 'e', ARGV[9]) end
            if expiry <= known then redis.call('HSET', KEYS[4], 'a', ARGV[5]) end
            redis.call('HSET', KEYS[4], 'q' .. ARGV[6], ARGV[7])
            redis.call('DEL', KEYS[5])
            redis.call('RPUSH', KEYS[5], id)
            local score = '+inf'
            if math.min(expiry, known) < math.huge then
              score = string.format('%.0f', math.min(expiry, known))
              redis.call('PEXPIREAT', KEYS[4], score)
              for _, field in ipairs(redis.call('HKEYS', KEYS[4])) do
                if string.sub(field, 1, 1) == 'q' then
                  redis.call('PEXPIREAT', prefix .. 'k:' .. string.sub(field, 2), score)
                end
              end
            else
              redis.call('PERSIST', KEYS[4])
            end
            redis.call('ZADD', KEYS[3], score, id)
            local time = redis.call('TIME')
            local now = tonumber(time[1]) * 1000
            local gone = redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', string.format('%.0f', now), 'LIMIT', 0, 8)
            for _, expired in ipairs(gone) do redis.call('ZREM', KEYS[3], expired) end
            change(incarnation, 'p', id, ARGV[6])
            return 1
            """
    )

    /// Removes answers and tells the replicas; returns how many were there.
    ///
    /// KEYS[1] meta, KEYS[2] stream; ARGV[1] stream length, ARGV[2] replica, ARGV[3] prefix, ARGV[4...] ids
    static let remove = LuaScript(
        name: "remove",
        change + drop + """
            local incarnation = incarnation()
            local count = 0
            for index = 4, #ARGV do count = count + drop(ARGV[3], ARGV[index]) end
            change(incarnation, 'x', table.concat(ARGV, '', 4), '')
            return count
            """
    )

    /// Raises the epoch above what it was, and at least to what is wanted; returns it.
    ///
    /// KEYS[1] meta, KEYS[2] stream; ARGV[1] stream length, ARGV[2] replica, ARGV[3] epoch
    static let raiseEpoch = LuaScript(
        name: "epoch",
        change + epoch + """
            local incarnation = incarnation()
            local epoch = string.format('%.0f', math.max(epoch() + 1, tonumber(ARGV[3])))
            local number = change(incarnation, 'n', epoch, '')
            redis.call('HSET', KEYS[1], 'e', epoch, 'v', number)
            return epoch
            """
    )

    /// Tells the replicas of a selector.
    ///
    /// KEYS[1] meta, KEYS[2] stream; ARGV[1] stream length, ARGV[2] replica, ARGV[3] selector
    static let announce = LuaScript(
        name: "announce",
        change + """
            redis.call('HSET', KEYS[1], 'v', change(incarnation(), 'i', ARGV[3], ''))
            return 1
            """
    )
}

/// What came of storing an answer.
enum PutOutcome: Int64, Sendable {
    /// It belongs to an epoch that is over.
    case outdated = 0
    /// It is stored.
    case stored = 1
    /// The question has a later answer.
    case superseded = 2
    /// It was removed before it came.
    case removed = 3
    /// It was to get another wording, and is not there.
    case missing = 4
    /// Something was invalidated that the replica had not heard of when it stored the answer; this may be part of it.
    case doubtful = 5
}

-- For wrk: the same question each time, an exact hit from the second one on (docs/performance/server.md).
wrk.method = "POST"
wrk.headers["content-type"] = "application/json"
wrk.headers["authorization"] = "Bearer one-caller"
wrk.body = '{"model": "gpt-4o-mini", "messages": [{"role": "user", "content": "How do I reset my password?"}]}'

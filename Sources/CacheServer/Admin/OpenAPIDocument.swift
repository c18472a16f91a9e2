internal import Hummingbird

/// The description of the admin API, held against its routes by a test.
enum OpenAPIDocument {
    static var response: Response { .bytes(Array(text.utf8), type: "application/json") }

    // swift-format-ignore
    static let text = #"""
        {
          "openapi": "3.1.0",
          "info": {"title": "semcache admin API", "version": "1", "description":
            "Reads, tunes and clears the cache. Bound to the loopback address unless configured otherwise; with an admin token, send it as a bearer token."},
          "servers": [{"url": "/"}],
          "security": [{}, {"token": []}],
          "paths": {
            "/": {"get": {"summary": "The dashboard", "responses": {"200": {"description": "Done", "content":
              {"text/html": {"schema": {"type": "string"}}}}}}},
            "/openapi.json": {"get": {"summary": "This document", "responses": {"200": {"description": "Done",
              "content": {"application/json": {"schema": {"type": "object"}}}}}}},
            "/healthz": {"get": {"summary": "Whether the process is alive", "responses": {"200": {"description":
              "Done", "content": {"application/json": {"schema": {"type": "object", "properties": {"status": {"type":
              "string"}}}}}}}}},
            "/readyz": {"get": {"summary": "Whether answers can be stored and found", "responses": {"200":
              {"description": "Done", "content": {"application/json": {"schema": {"type": "object", "properties":
              {"status": {"type": "string"}, "reason": {"type": "string"}}}}}}, "503": {"description":
              "Nothing can be stored or found; requests still pass to the upstream", "content": {"application/json":
              {"schema": {"type": "object", "properties": {"status": {"type": "string"}, "reason": {"type":
              "string"}}}}}}}}},
            "/metrics": {"get": {"summary": "Metrics in the text format of Prometheus", "responses": {"200":
              {"description": "Done", "content": {"text/plain": {"schema": {"type": "string"}}}}, "401": {"$ref":
              "#/components/responses/Error"}, "403": {"$ref": "#/components/responses/Error"}}}},
            "/api/stats": {"get": {"summary": "What the server did and holds", "responses": {"200": {"description":
              "Done", "content": {"application/json": {"schema": {"type": "object"}}}}, "401": {"$ref":
              "#/components/responses/Error"}, "403": {"$ref": "#/components/responses/Error"}}}},
            "/api/history": {"get": {"summary": "Samples of the counters, one each 10 seconds", "responses": {"200":
              {"description": "Done", "content": {"application/json": {"schema": {"type": "object", "properties":
              {"samples": {"type": "array", "items": {"type": "object"}}}}}}}, "401": {"$ref":
              "#/components/responses/Error"}, "403": {"$ref": "#/components/responses/Error"}}}},
            "/api/namespaces": {"get": {"summary": "The namespaces in use", "responses": {"200": {"description":
              "Done", "content": {"application/json": {"schema": {"type": "object", "properties": {"namespaces":
              {"type": "array", "items": {"type": "object"}}}}}}}, "401": {"$ref": "#/components/responses/Error"},
              "403": {"$ref": "#/components/responses/Error"}, "500": {"$ref": "#/components/responses/Error"}, "503":
              {"$ref": "#/components/responses/Error"}}}},
            "/api/namespace": {"get": {"summary": "The settings of a namespace", "responses": {"200": {"description":
              "Done", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Settings"}}}}, "401":
              {"$ref": "#/components/responses/Error"}, "403": {"$ref": "#/components/responses/Error"}},
              "parameters": [{"name": "tenant", "in": "query", "description":
              "The owner of the namespace; empty for a cache with a single owner.", "required": false, "schema":
              {"type": "string"}}, {"name": "name", "in": "query", "description":
              "The namespace; `default` if absent.", "required": false, "schema": {"type": "string"}}]}, "put":
              {"summary": "Changes settings until the process ends", "responses": {"200": {"description": "Done",
              "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Settings"}}}}, "400": {"$ref":
              "#/components/responses/Error"}, "401": {"$ref": "#/components/responses/Error"}, "403": {"$ref":
              "#/components/responses/Error"}, "409": {"$ref": "#/components/responses/Error"}, "413": {"$ref":
              "#/components/responses/Error"}, "415": {"$ref": "#/components/responses/Error"}}, "parameters":
              [{"name": "tenant", "in": "query", "description":
              "The owner of the namespace; empty for a cache with a single owner.", "required": false, "schema":
              {"type": "string"}}, {"name": "name", "in": "query", "description":
              "The namespace; `default` if absent.", "required": false, "schema": {"type": "string"}}], "requestBody":
              {"required": true, "content": {"application/json": {"schema": {"$ref":
              "#/components/schemas/SettingsChange"}}}}}},
            "/api/entries": {"get": {"summary": "Lists stored answers", "responses": {"200": {"description": "Done",
              "content": {"application/json": {"schema": {"type": "object", "properties": {"entries": {"type":
              "array", "items": {"$ref": "#/components/schemas/Entry"}}, "next": {"type": ["string", "null"]}}}}}},
              "400": {"$ref": "#/components/responses/Error"}, "401": {"$ref": "#/components/responses/Error"}, "403":
              {"$ref": "#/components/responses/Error"}, "500": {"$ref": "#/components/responses/Error"}, "503":
              {"$ref": "#/components/responses/Error"}}, "parameters": [{"name": "tenant", "in": "query",
              "description": "Only answers of this tenant.", "required": false, "schema": {"type": "string"}},
              {"name": "namespace", "in": "query", "description":
              "Only answers of namespaces of this name, of every tenant unless one is given.", "required": false,
              "schema": {"type": "string"}}, {"name": "tag", "in": "query", "description":
              "Only answers with this tag.", "required": false, "schema": {"type": "string"}}, {"name": "model", "in":
              "query", "description": "Only answers of this model.", "required": false, "schema": {"type": "string"}},
              {"name": "prefix", "in": "query", "description": "Only answers of which a question starts so.",
              "required": false, "schema": {"type": "string"}}, {"name": "after", "in": "query", "description":
              "Only answers behind this id: the `next` of the page before.", "required": false, "schema": {"$ref":
              "#/components/schemas/EntryID"}}, {"name": "limit", "in": "query", "description": "How many.",
              "required": false, "schema": {"type": "integer", "minimum": 1, "maximum": 1000, "default": 50}}]},
              "post": {"summary": "Stores an answer", "responses": {"201": {"description": "Stored", "content":
              {"application/json": {"schema": {"type": "object", "properties": {"id": {"type": "string"}}}}}}, "400":
              {"$ref": "#/components/responses/Error"}, "401": {"$ref": "#/components/responses/Error"}, "403":
              {"$ref": "#/components/responses/Error"}, "409": {"$ref": "#/components/responses/Error"}, "413":
              {"$ref": "#/components/responses/Error"}, "415": {"$ref": "#/components/responses/Error"}, "500":
              {"$ref": "#/components/responses/Error"}, "503": {"$ref": "#/components/responses/Error"}},
              "requestBody": {"required": true, "content": {"application/json": {"schema": {"$ref":
              "#/components/schemas/NewEntry"}}}}}},
            "/api/entries/{id}": {"get": {"summary": "A stored answer", "responses": {"200": {"description": "Done",
              "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Entry"}}}}, "400": {"$ref":
              "#/components/responses/Error"}, "401": {"$ref": "#/components/responses/Error"}, "403": {"$ref":
              "#/components/responses/Error"}, "404": {"$ref": "#/components/responses/Error"}, "500": {"$ref":
              "#/components/responses/Error"}, "503": {"$ref": "#/components/responses/Error"}}, "parameters":
              [{"name": "id", "in": "path", "required": true, "description":
              "The id of an entry: 26 letters and digits.", "schema": {"$ref": "#/components/schemas/EntryID"}}]},
              "delete": {"summary": "Deletes an answer with all its wordings", "responses": {"200": {"description":
              "Done", "content": {"application/json": {"schema": {"type": "object", "properties": {"deleted": {"type":
              "integer"}}}}}}, "400": {"$ref": "#/components/responses/Error"}, "401": {"$ref":
              "#/components/responses/Error"}, "403": {"$ref": "#/components/responses/Error"}, "404": {"$ref":
              "#/components/responses/Error"}, "500": {"$ref": "#/components/responses/Error"}, "503": {"$ref":
              "#/components/responses/Error"}}, "parameters": [{"name": "id", "in": "path", "required": true,
              "description": "The id of an entry: 26 letters and digits.", "schema": {"$ref":
              "#/components/schemas/EntryID"}}]}},
            "/api/lookup": {"post": {"summary": "Looks up without side effects", "responses": {"200": {"description":
              "Done", "content": {"application/json": {"schema": {"type": "object"}}}}, "400": {"$ref":
              "#/components/responses/Error"}, "401": {"$ref": "#/components/responses/Error"}, "403": {"$ref":
              "#/components/responses/Error"}, "413": {"$ref": "#/components/responses/Error"}, "415": {"$ref":
              "#/components/responses/Error"}}, "requestBody": {"required": true, "content": {"application/json":
              {"schema": {"type": "object", "required": ["question", "model"], "properties": {"question": {"type":
              "string", "minLength": 1}, "model": {"type": "string", "minLength": 1}, "tenant": {"type": ["string",
              "null"]}, "namespace": {"type": ["string", "null"]}}}}}}}},
            "/api/explain": {"post": {"summary": "Tells why two chat requests share a key or do not", "responses":
              {"200": {"description": "Done", "content": {"application/json": {"schema": {"type": "object",
              "properties": {"share_key": {"type": "boolean"}, "differences": {"type": "array", "items": {"type":
              "object"}}}}}}}, "400": {"$ref": "#/components/responses/Error"}, "401": {"$ref":
              "#/components/responses/Error"}, "403": {"$ref": "#/components/responses/Error"}, "413": {"$ref":
              "#/components/responses/Error"}, "415": {"$ref": "#/components/responses/Error"}}, "requestBody":
              {"required": true, "content": {"application/json": {"schema": {"type": "object", "required": ["first",
              "second"], "properties": {"first": {"$ref": "#/components/schemas/ChatRequest"}, "second": {"$ref":
              "#/components/schemas/ChatRequest"}}}}}}}},
            "/api/feedback": {"post": {"summary": "A person's word on an answer; `bad` deletes it", "responses":
              {"200": {"description": "Done", "content": {"application/json": {"schema": {"type": "object",
              "properties": {"deleted": {"type": "integer"}, "labelled": {"type": "boolean"}}}}}}, "400": {"$ref":
              "#/components/responses/Error"}, "401": {"$ref": "#/components/responses/Error"}, "403": {"$ref":
              "#/components/responses/Error"}, "404": {"$ref": "#/components/responses/Error"}, "413": {"$ref":
              "#/components/responses/Error"}, "415": {"$ref": "#/components/responses/Error"}, "500": {"$ref":
              "#/components/responses/Error"}, "503": {"$ref": "#/components/responses/Error"}}, "requestBody":
              {"required": true, "content": {"application/json": {"schema": {"type": "object", "required": ["entry",
              "verdict"], "properties": {"entry": {"$ref": "#/components/schemas/EntryID"}, "verdict": {"enum":
              ["good", "bad"]}, "question": {"type": ["string", "null"]}}}}}}}},
            "/api/invalidate": {"post": {"summary": "Invalidates the answers that meet all conditions", "responses":
              {"200": {"description": "Done", "content": {"application/json": {"schema": {"type": "object",
              "properties": {"matched": {"type": "integer"}, "dry_run": {"type": "boolean"}, "examples": {"type":
              "array", "items": {"type": "string"}, "description":
              "Some of the questions; with `dry_run` only."}}}}}}, "400": {"$ref": "#/components/responses/Error"},
              "401": {"$ref": "#/components/responses/Error"}, "403": {"$ref": "#/components/responses/Error"}, "409":
              {"$ref": "#/components/responses/Error"}, "413": {"$ref": "#/components/responses/Error"}, "415":
              {"$ref": "#/components/responses/Error"}, "500": {"$ref": "#/components/responses/Error"}, "503":
              {"$ref": "#/components/responses/Error"}}, "requestBody": {"required": true, "content":
              {"application/json": {"schema": {"type": "object", "minProperties": 1, "additionalProperties": false,
              "properties": {"ids": {"type": "array", "minItems": 1, "items": {"$ref":
              "#/components/schemas/EntryID"}}, "tenant": {"type": "string", "description":
              "Only answers of this tenant; alone, of all its namespaces."}, "namespace": {"type": "string",
              "description": "Only answers of this namespace; without `tenant`, that of no tenant."}, "tag": {"type":
              "string"}, "model": {"type": "string"}, "prompt_version": {"type": "string"}, "prefix": {"type":
              "string", "description": "A question starts so."}, "pattern": {"type": "string", "description":
              "A question fits; * and ? stand for characters.", "maxLength": 1000}, "before": {"type": "integer",
              "description": "Milliseconds since 1970.", "minimum": 0, "maximum": 9007199254740991}, "near": {"type":
              "string", "description":
              "A question is within `similarity` of this text, wherever the other conditions let it be."},
              "similarity": {"type": "number", "minimum": 0, "maximum": 1}, "dry_run": {"type": "boolean"}}, "anyOf":
              [{"required": ["ids"]}, {"required": ["tenant"]}, {"required": ["namespace"]}, {"required": ["tag"]},
              {"required": ["model"]}, {"required": ["prompt_version"]}, {"required": ["prefix"]}, {"required":
              ["pattern"]}, {"required": ["before"]}, {"required": ["near"]}], "dependentRequired": {"near":
              ["similarity"]}}}}}}},
            "/api/events": {"post": {"summary": "Tells of something that makes answers wrong, for the event rules",
              "responses": {"200": {"description": "Done", "content": {"application/json": {"schema": {"type":
              "object", "properties": {"matched": {"type": "integer"}}}}}}, "400": {"$ref":
              "#/components/responses/Error"}, "401": {"$ref": "#/components/responses/Error"}, "403": {"$ref":
              "#/components/responses/Error"}, "413": {"$ref": "#/components/responses/Error"}, "415": {"$ref":
              "#/components/responses/Error"}, "500": {"$ref": "#/components/responses/Error"}, "503": {"$ref":
              "#/components/responses/Error"}}, "requestBody": {"required": true, "content": {"application/json":
              {"schema": {"type": "object", "required": ["name"], "properties": {"name": {"type": "string",
              "minLength": 1}, "values": {"type": ["object", "null"], "additionalProperties": {"type": ["string",
              "number"]}}}}}}}}},
            "/api/near-misses": {"get": {"summary": "The last questions that came near to a stored one", "parameters":
              [{"name": "limit", "in": "query", "description": "The most of them, the last ones.", "required": false,
              "schema": {"type": "integer", "minimum": 1, "maximum": 200}}], "responses": {"200": {"description":
              "Done", "content": {"application/json": {"schema": {"type": "object", "properties": {"near_misses":
              {"type": "array", "items": {"type": "object"}}}}}}}, "400": {"$ref": "#/components/responses/Error"},
              "401": {"$ref": "#/components/responses/Error"}, "403": {"$ref": "#/components/responses/Error"}}}},
            "/api/export": {"get": {"summary": "Every answer as a line of JSON, as `semcache export` writes it",
              "parameters": [{"name": "vectors", "in": "query", "schema": {"type": "boolean"}}, {"name": "tenant",
              "in": "query", "schema": {"type": "string"}}, {"name": "namespace", "in": "query", "schema": {"type":
              "string"}}], "responses": {"200": {"description": "Done", "content": {"application/x-ndjson": {"schema":
              {"type": "string"}}}}, "400": {"$ref": "#/components/responses/Error"}, "401": {"$ref":
              "#/components/responses/Error"}, "403": {"$ref": "#/components/responses/Error"}, "500": {"$ref":
              "#/components/responses/Error"}, "503": {"$ref": "#/components/responses/Error"}}}},
            "/api/import": {"post": {"summary": "Takes in what `semcache import` does; what is there stays",
              "parameters": [{"name": "tenant", "in": "query", "schema": {"type": "string"}}, {"name": "namespace",
              "in": "query", "schema": {"type": "string"}}, {"name": "model", "in": "query", "schema": {"type":
              "string"}}], "responses": {"200": {"description": "Done", "content": {"application/json": {"schema":
              {"type": "object", "properties": {"stored": {"type": "integer"}, "present": {"type": "integer"},
              "rejected": {"type": "integer"}, "faults": {"type": "array", "items": {"type": "object"}}}}}}}, "400":
              {"$ref": "#/components/responses/Error"}, "401": {"$ref": "#/components/responses/Error"}, "403":
              {"$ref": "#/components/responses/Error"}, "415": {"$ref": "#/components/responses/Error"}, "500":
              {"$ref": "#/components/responses/Error"}, "503": {"$ref": "#/components/responses/Error"}},
              "requestBody": {"required": true, "content": {"application/x-ndjson": {"schema": {"description":
              "A line of JSON for each answer; lines that cannot be used are counted and listed."}}}}}}
          },
          "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "responses": {"Error": {"description": "A mistake or a fault, as OpenAI's errors", "content":
              {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}}},
            "schemas": {
              "Error": {"type": "object", "properties": {"error": {"type": "object", "properties": {"message":
                {"type": "string"}, "type": {"type": "string"}, "param": {"type": ["string", "null"]}, "code":
                {"type": ["string", "null"]}}}}},
              "Entry": {"type": "object", "properties": {"id": {"type": "string"}, "tenant": {"type": "string"},
                "namespace": {"type": "string"}, "model": {"type": "string"}, "questions": {"type": "array", "items":
                {"type": "string"}}, "answer": {"type": "string"}, "finish_reason": {"type": "string"}, "tags":
                {"type": "array", "items": {"type": "string"}}, "created_at": {"type": "string", "format":
                "date-time"}, "expires_at": {"type": ["string", "null"], "format": "date-time"}, "bytes": {"type":
                "integer"}, "cost_usd": {"type": ["number", "null"]}, "latency_seconds": {"type": ["number",
                "null"]}}},
              "NewEntry": {"type": "object", "required": ["question", "answer", "model"], "properties": {"question":
                {"type": "string", "minLength": 1}, "answer": {"type": "string", "minLength": 1}, "model": {"type":
                "string", "minLength": 1}, "tenant": {"type": ["string", "null"]}, "namespace": {"type": ["string",
                "null"]}, "tags": {"type": ["array", "null"], "items": {"type": "string"}}, "ttl": {"type": ["number",
                "null"], "minimum": 0.001, "maximum": 1000000000.0, "description": "Seconds."}}},
              "Settings": {"type": "object", "properties": {"threshold": {"type": "number"}, "matches_meaning":
                {"type": "boolean"}, "time_to_live_seconds": {"type": ["number", "null"]}, "idle_timeout_seconds":
                {"type": ["number", "null"]}, "stale_while_revalidate_seconds": {"type": "number"},
                "stale_if_error_seconds": {"type": "number"}, "maximum_entries": {"type": "integer"}, "maximum_bytes":
                {"type": "integer"}, "maximum_temperature": {"type": "number"}, "deterministic_only": {"type":
                "boolean"}, "stores_tool_calls": {"type": "boolean"}, "maximum_reply_bytes": {"type": "integer"},
                "is_shadow": {"type": "boolean"}, "maximum_error_rate": {"type": ["number", "null"], "description":
                "Changed by a restart with another configuration only."}, "judge_rate": {"type": "number"}, "tenant":
                {"type": "string"}, "namespace": {"type": "string"}}},
              "EntryID": {"type": "string", "pattern": "^[0-7][0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{25}$", "description":
                "A ULID: 26 letters and digits."},
              "ChatRequest": {"type": "object", "description": "The body of a chat completion request.", "required":
                ["model", "messages"], "properties": {"model": {"type": "string"}, "messages": {"type": "array",
                "minItems": 1, "items": {"type": "object", "required": ["role"], "properties": {"role": {"type":
                "string"}, "content": {"type": ["string", "array", "null"]}}}}}},
              "SettingsChange": {"type": "object", "additionalProperties": false, "properties": {"threshold": {"type":
                "number", "minimum": 0, "maximum": 1}, "matches_meaning": {"type": "boolean"}, "time_to_live_seconds":
                {"type": ["number", "null"], "minimum": 0.001, "maximum": 10000000000.0}, "idle_timeout_seconds":
                {"type": ["number", "null"], "minimum": 0.001, "maximum": 10000000000.0},
                "stale_while_revalidate_seconds": {"type": "number", "minimum": 0, "maximum": 10000000000.0},
                "stale_if_error_seconds": {"type": "number", "minimum": 0, "maximum": 10000000000.0},
                "maximum_entries": {"type": "integer", "minimum": 1, "maximum": 9007199254740991}, "maximum_bytes":
                {"type": "integer", "minimum": 1, "maximum": 9007199254740991}, "maximum_temperature": {"type":
                "number", "minimum": 0, "maximum": 2}, "deterministic_only": {"type": "boolean"}, "stores_tool_calls":
                {"type": "boolean"}, "maximum_reply_bytes": {"type": "integer", "minimum": 1, "maximum":
                9007199254740991}, "is_shadow": {"type": "boolean"}, "maximum_error_rate": {"type": ["number",
                "null"], "minimum": 1e-06, "maximum": 0.5, "description":
                "As it is: the namespace is built around it, and another one is a conflict (409)."}, "judge_rate":
                {"type": "number", "minimum": 0, "maximum": 1}}}
            }
          }
        }
        """#
}

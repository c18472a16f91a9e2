"""Teaches schemathesis to write lines of JSON, for imports; scripts/test-clients names this file to it."""
import json

import schemathesis


@schemathesis.serializer("application/x-ndjson")
def lines_of_json(ctx, value):
    values = value if isinstance(value, list) else [value]
    return "\n".join(json.dumps(value) for value in values).encode()

"""An OpenAI-compatible upstream for the client tests: answers by rule, counts its calls, needs nothing installed."""
import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

calls = []
lock = threading.Lock()


def usage(prompt, completion):
    return {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}


def chat_message(body):
    if body.get("tools"):
        arguments = json.dumps({"city": "Paris"})
        call = {"id": "call_1", "type": "function", "function": {"name": "weather", "arguments": arguments}}
        return {"role": "assistant", "content": None, "refusal": None, "tool_calls": [call]}, "tool_calls"
    text = body["messages"][-1]["content"]
    return {"role": "assistant", "content": f"Echo of {text}!", "refusal": None}, "stop"


class Upstream(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        if self.path == "/calls":
            with lock:
                return self.send(200, calls)
        if self.path == "/v1/models":
            return self.send(200, {"object": "list", "data": [{"id": "m", "object": "model", "created": 0, "owned_by": "x"}]})
        self.send(404, {"error": {"message": "no such path", "type": "invalid_request_error", "param": None, "code": None}})

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        with lock:
            calls.append({"path": self.path, "body": body})
            count = sum(1 for call in calls if call["body"] == body)
        if body.get("model") == "flaky" and count == 1:
            return self.send(503, {"error": {"message": "busy", "type": "server_error", "param": None, "code": None}})
        if self.path == "/v1/chat/completions":
            return self.answer_chat(body)
        if self.path == "/v1/responses":
            return self.answer_responses(body)
        if self.path == "/v1/embeddings":
            inputs = body["input"] if isinstance(body["input"], list) else [body["input"]]
            data = [{"object": "embedding", "index": i, "embedding": [float(len(t)), 0.5]} for i, t in enumerate(inputs)]
            return self.send(200, {"object": "list", "data": data, "model": body["model"], "usage": usage(len(inputs), 0)})
        self.send(404, {"error": {"message": "no such path", "type": "invalid_request_error", "param": None, "code": None}})

    def answer_chat(self, body):
        message, finish = chat_message(body)
        head = {"id": "chatcmpl-1", "created": 1700000000, "model": body["model"]}
        if not body.get("stream"):
            choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": finish}
            return self.send(200, {**head, "object": "chat.completion", "choices": [choice], "usage": usage(5, 3)})

        def chunk(delta, finish=None):
            choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
            return {**head, "object": "chat.completion.chunk", "choices": [choice]}

        chunks = [chunk({"role": "assistant", "content": ""})]
        if message.get("tool_calls"):
            call = message["tool_calls"][0]
            function = {"name": call["function"]["name"], "arguments": ""}
            chunks.append(chunk({"tool_calls": [{"index": 0, "id": call["id"], "type": "function", "function": function}]}))
            chunks.append(chunk({"tool_calls": [{"index": 0, "function": {"arguments": call["function"]["arguments"]}}]}))
        else:
            chunks += [chunk({"content": piece + " "}) for piece in message["content"].split(" ")]
        chunks.append(chunk({}, finish))
        if (body.get("stream_options") or {}).get("include_usage"):
            chunks.append({**head, "object": "chat.completion.chunk", "choices": [], "usage": usage(5, 3)})
        self.stream([f"data: {json.dumps(c)}\n\n" for c in chunks] + ["data: [DONE]\n\n"])

    def answer_responses(self, body):
        text = f"Echo of {body['input']}!"
        part = {"type": "output_text", "text": text, "annotations": []}
        item = {"type": "message", "id": "msg_1", "status": "completed", "role": "assistant", "content": [part]}
        response = {
            "id": "resp_1", "object": "response", "created_at": 1700000000, "status": "completed", "error": None,
            "incomplete_details": None, "instructions": None, "metadata": {}, "model": body["model"], "output": [item],
            "parallel_tool_calls": True, "temperature": 1.0, "tool_choice": "auto", "tools": [], "top_p": 1.0,
            "usage": {"input_tokens": 4, "input_tokens_details": {"cached_tokens": 0}, "output_tokens": 3,
                      "output_tokens_details": {"reasoning_tokens": 0}, "total_tokens": 7},
        }
        if not body.get("stream"):
            return self.send(200, response)
        opening = {**response, "status": "in_progress", "output": [], "usage": None}
        place = {"item_id": "msg_1", "output_index": 0, "content_index": 0}
        events = [
            {"type": "response.created", "response": opening},
            {"type": "response.output_item.added", "output_index": 0, "item": {**item, "content": [], "status": "in_progress"}},
            {"type": "response.content_part.added", **place, "part": {**part, "text": ""}},
            {"type": "response.output_text.delta", **place, "delta": text, "logprobs": []},
            {"type": "response.output_text.done", **place, "text": text, "logprobs": []},
            {"type": "response.content_part.done", **place, "part": part},
            {"type": "response.output_item.done", "output_index": 0, "item": item},
            {"type": "response.completed", "response": response},
        ]
        self.stream([
            f"event: {e['type']}\ndata: {json.dumps({**e, 'sequence_number': i})}\n\n" for i, e in enumerate(events)
        ])

    def send(self, status, body):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def stream(self, pieces):
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        for piece in pieces:
            data = piece.encode()
            self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
            self.wfile.flush()
        self.wfile.write(b"0\r\n\r\n")


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Upstream)
    print(server.server_address[1], flush=True)
    server.serve_forever()

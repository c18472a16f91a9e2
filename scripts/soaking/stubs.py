"""The model and the embedder of the soak's world: right by rule, and broken on request."""
import hashlib
import json
import random
import re
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

DIMENSION = 64


def embedding(text):
    """Hashed words and pairs of words: other wordings of a question lie near it, and other numbers do, too."""
    vector = [0.0] * DIMENSION
    words = re.findall(r"\w+", text.lower())
    for gram in words + [a + " " + b for a, b in zip(words, words[1:])]:
        digest = hashlib.sha256(gram.encode()).digest()
        for byte in digest[:4]:
            vector[byte % DIMENSION] += 1 if digest[4] % 2 else -1
    return vector if any(vector) else [1.0] + vector[1:]


class Stub:
    """A server whose `fault` may be None, `down`, `error`, `stall` or `cut`."""

    def __init__(self, answer):
        self.fault = None
        # When a fault last was in force: requests that met it may fail.
        self.faulty_until = 0.0
        self.calls = 0
        stub = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                fault = stub.fault
                stub.calls += 1
                if fault == "down":
                    return self.drop()
                if fault == "stall":
                    time.sleep(random.uniform(1, 4))
                    return self.drop()
                if fault == "error":
                    return self.send(503, {"error": {"message": "busy", "type": "server_error"}})
                answer(self, body, fault)

            def drop(self):
                self.connection.shutdown(socket.SHUT_RDWR)
                self.close_connection = True

            def send(self, status, value, cut=False):
                data = json.dumps(value).encode()
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(data)))
                self.end_headers()
                self.wfile.write(data[: len(data) // 2] if cut else data)
                if cut:
                    self.wfile.flush()
                    self.drop()

            def send_events(self, events, cut=False):
                self.send_response(200)
                self.send_header("content-type", "text/event-stream")
                self.send_header("transfer-encoding", "chunked")
                self.end_headers()
                for number, event in enumerate(events):
                    if cut and number == len(events) // 2:
                        return self.drop()
                    data = event.encode()
                    self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
                self.wfile.write(b"0\r\n\r\n")

            def handle_one_request(self):
                try:
                    super().handle_one_request()
                except OSError:
                    self.close_connection = True

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/v1"

    def breaks(self, fault):
        self.fault = fault

    def recovers(self):
        self.faulty_until = time.monotonic()
        self.fault = None

    def was_whole_since(self, start):
        return self.fault is None and self.faulty_until < start


def embedder():
    def answer(handler, body, fault):
        texts = body["input"] if isinstance(body["input"], list) else [body["input"]]
        data = [{"object": "embedding", "index": n, "embedding": embedding(text)} for n, text in enumerate(texts)]
        usage = {"prompt_tokens": len(texts), "total_tokens": len(texts)}
        handler.send(200, {"object": "list", "data": data, "model": body["model"], "usage": usage}, fault == "cut")

    return Stub(answer)


def model(truth):
    def answer(handler, body, fault):
        if handler.path == "/v1/embeddings":
            data = [{"object": "embedding", "index": n, "embedding": [1.0, 0.5]} for n, _ in enumerate(body["input"])]
            return handler.send(200, {"object": "list", "data": data, "model": "e", "usage": {"prompt_tokens": 1, "total_tokens": 1}})
        key = (handler.headers["authorization"] or handler.headers["x-api-key"] or "").removeprefix("Bearer ")
        question = body["messages"][-1]["content"]
        text = truth.answer(question, key)
        if handler.path == "/v1/messages":
            return handler.send(200, message(body, text), fault == "cut")
        head = {"id": "c", "created": 1, "model": body["model"]}
        if not body.get("stream"):
            choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
            usage = {"prompt_tokens": 20, "completion_tokens": 12, "total_tokens": 32}
            whole = {**head, "object": "chat.completion", "choices": [choice], "usage": usage}
            return handler.send(200, whole, fault == "cut")

        def chunk(delta, reason=None):
            choice = {"index": 0, "delta": delta, "finish_reason": reason}
            return "data: " + json.dumps({**head, "object": "chat.completion.chunk", "choices": [choice]}) + "\n\n"

        words = [chunk({"content": piece}) for piece in re.findall(r"\S+ ?", text)]
        handler.send_events([chunk({"role": "assistant"})] + words + [chunk({}, "stop"), "data: [DONE]\n\n"], fault == "cut")

    def message(body, text):
        return {
            "id": "m", "type": "message", "role": "assistant", "model": body["model"], "stop_reason": "end_turn",
            "stop_sequence": None, "content": [{"type": "text", "text": text}],
            "usage": {"input_tokens": 20, "output_tokens": 12},
        }

    return Stub(answer)

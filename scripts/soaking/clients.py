"""The callers of the soak's world, and the editor who changes what is true."""
import http.client
import json
import random
import socket
import threading
import time

from truth import ANSWER, WORDINGS, mark

KEYS = ["sk-alpha", "sk-beta", "sk-gamma"]
# A replica hears of what another invalidated within its freshness bound; the rest is the scheduler's.
BOUND = 4.0


class Callers:
    """Threads that ask, and check every answer they get."""

    def __init__(self, world, truth, options):
        self.world, self.truth, self.options = world, truth, options
        self.counts, self.lock = {}, threading.Lock()
        self.ends = time.monotonic() + options.seconds
        self.threads = [threading.Thread(target=self.work, args=(n,), daemon=True) for n in range(options.threads)]
        self.threads.append(threading.Thread(target=self.edit, daemon=True))
        self.pins = []

    def start(self):
        for thread in self.threads:
            thread.start()

    def join(self):
        for thread in self.threads:
            thread.join()

    def count(self, what):
        with self.lock:
            self.counts[what] = self.counts.get(what, 0) + 1

    def work(self, number):
        chance = random.Random(self.options.seed * 1000 + number)
        while time.monotonic() < self.ends:
            time.sleep(chance.expovariate(self.options.rate / self.options.threads))
            replica = chance.choice(self.world.replicas)
            order = min(int(chance.expovariate(6 / self.options.orders)), self.options.orders - 1)
            question, key = chance.choice(WORDINGS).format(order), chance.choice(KEYS)
            draw = chance.random()
            if draw < 0.03:
                self.leave(replica, order, question, key)
            elif draw < 0.06:
                self.embed(replica, question, key)
            else:
                self.ask(replica, order, question, key, chance)

    def ask(self, replica, order, question, key, chance):
        is_message, is_stream = chance.random() < 0.1, chance.random() < 0.4
        body = {"model": "m", "messages": [{"role": "user", "content": question}]}
        headers = {"content-type": "application/json", "x-semcache-tags": f"order:{order}", "authorization": f"Bearer {key}"}
        path = "/v1/messages" if is_message else "/v1/chat/completions"
        if is_message:
            body["max_tokens"] = 100
        elif is_stream:
            body["stream"] = True
        if chance.random() < 0.05:
            headers["cache-control"] = chance.choice(["no-store", "no-cache", "only-if-cached"])
        asked_at = time.monotonic()
        try:
            status, outcome, answer = self.exchange(replica, path, body, headers)
        except (OSError, http.client.HTTPException) as error:
            if self.is_excused(replica, asked_at):
                return self.count(f"{replica.name} broken off during a fault")
            return self.truth.violate(f"{replica.name}: {type(error).__name__} though nothing was broken: {error}")
        self.count(f"{replica.name} {status} {outcome}")
        if status == 504 and headers.get("cache-control") == "only-if-cached":
            return
        if status != 200:
            if not self.is_excused(replica, asked_at):
                self.truth.violate(f"{replica.name}: {status} though nothing was broken: {answer[:200]!r}")
            return
        try:
            text = self.text(answer, is_message)
        except (ValueError, KeyError, IndexError, TypeError):
            if outcome == "HIT" or not self.is_excused(replica, asked_at):
                self.truth.violate(f"{replica.name} {outcome}: cannot be read: {answer[:200]!r}")
            return
        if outcome in ("MISS", "BYPASS", "COALESCED") and self.is_excused(replica, asked_at) and not ANSWER.fullmatch(text):
            return self.count(f"{replica.name} relayed half an answer, as the upstream gave it")
        # The replica on which something was invalidated knows at once; the other one hears of it.
        bound = 0 if replica is self.world.replicas[0] else BOUND
        self.truth.check(text, order, key, asked_at, bound, f"{replica.name} {outcome} {status}")

    def is_excused(self, replica, since):
        whole = self.world.model.was_whole_since(since - 25) and replica.was_up_since(since)
        return not whole

    def exchange(self, replica, path, body, headers):
        connection = http.client.HTTPConnection("127.0.0.1", replica.port, timeout=60)
        try:
            connection.request("POST", path, json.dumps(body), headers)
            answer = connection.getresponse()
            return answer.status, answer.headers.get("x-semcache", "none"), answer.read()
        finally:
            connection.close()

    @staticmethod
    def text(answer, is_message):
        if is_message:
            return json.loads(answer)["content"][0]["text"]
        if not answer.startswith(b"data:"):
            return json.loads(answer)["choices"][0]["message"]["content"]
        events = [line[5:].strip() for line in answer.decode().splitlines() if line.startswith("data:")]
        choices = [json.loads(event)["choices"] for event in events if event != "[DONE]"]
        return "".join(choice[0]["delta"].get("content") or "" for choice in choices if choice)

    def leave(self, replica, order, question, key):
        """Goes away in the middle of a stream, whose answer is stored all the same."""
        body = {"model": "m", "messages": [{"role": "user", "content": question}], "stream": True}
        connection = http.client.HTTPConnection("127.0.0.1", replica.port, timeout=10)
        try:
            headers = {"content-type": "application/json", "authorization": f"Bearer {key}", "x-semcache-tags": f"order:{order}"}
            connection.request("POST", "/v1/chat/completions", json.dumps(body), headers)
            connection.sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        finally:
            connection.close()
        self.count(f"{replica.name} left")

    def embed(self, replica, question, key):
        headers = {"content-type": "application/json", "authorization": f"Bearer {key}"}
        try:
            status, _, _ = self.exchange(replica, "/v1/embeddings", {"model": "e", "input": [question]}, headers)
            self.count(f"{replica.name} {status} embedding")
        except (OSError, http.client.HTTPException):
            self.count(f"{replica.name} embedding broken off")

    # Editing

    def edit(self):
        """Moves orders on, invalidates what was said of them, and pins answers that may never be lost."""
        chance = random.Random(self.options.seed)
        first = self.world.replicas[0]
        while time.monotonic() < self.ends:
            time.sleep(chance.expovariate(2))
            order = min(int(chance.expovariate(6 / self.options.orders)), self.options.orders - 1)
            version = self.truth.change(order)
            while time.monotonic() < self.ends:
                status, _ = first.ask_admin("POST", "/api/invalidate", {"tag": f"order:{order}"})
                if status == 200:
                    self.truth.acknowledge(order, version, time.monotonic())
                    self.count("invalidations acknowledged")
                    break
                self.count("invalidations tried again")
                time.sleep(0.2)
            self.pin(first)
            self.check_pins(first, chance)

    def pin(self, replica):
        number = len(self.pins)
        body = {"question": f"Pinned question {number}?", "answer": f"pin {number} {mark(str(number))}", "model": "m"}
        body |= {"namespace": "pinned", "tenant": "editor"}
        status, answer = replica.ask_admin("POST", "/api/entries", body)
        if status == 201:
            self.pins.append((json.loads(answer)["id"], body["answer"]))
            self.count("pins acknowledged")
        else:
            self.count(f"pins refused ({status})")

    def check_pins(self, replica, chance, all=False):
        for entry, text in self.pins if all else chance.sample(self.pins, min(5, len(self.pins))):
            status, answer = replica.get(f"/api/entries/{entry}")
            if status == 200 and text.encode() in answer:
                continue
            if status in (0, 503) and not all:
                self.count("pins not looked at: the replica was down")
                continue
            self.truth.violate(f"{replica.name}: the acknowledged entry {entry} is lost: {status} {answer[:100]!r}")

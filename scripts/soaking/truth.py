"""What is true in the soak's world: which answer to which question was right at what time."""
import hashlib
import re
import threading

WORDINGS = ["Where is order {}?", "Where is my order {} now?", "Can you tell me where order {} is?"]
ANSWER = re.compile(r"Order (\d+) of ([0-9a-f]{8}) is at depot \d+, version (\d+)\.")


def mark(key):
    """What an answer shows of the caller it was made for."""
    return hashlib.sha256(key.encode()).hexdigest()[:8]


class Truth:
    """Each order has a version; an answer may not be older than what was invalidated before it was asked for."""

    def __init__(self, orders):
        self.lock = threading.Lock()
        self.versions = [1] * orders
        # Since when, and up to which version, each order's answers are known to be out of date.
        self.floors = [[(0.0, 1)] for _ in range(orders)]
        self.violations = []

    def answer(self, question, key):
        """The answer of the model at this moment."""
        order = int(re.search(r"\d+", question).group())
        with self.lock:
            version = self.versions[order]
        return f"Order {order} of {mark(key)} is at depot {order * 7 + version}, version {version}."

    def change(self, order):
        """The order moves on: the model says so from now on."""
        with self.lock:
            self.versions[order] += 1
            return self.versions[order]

    def acknowledge(self, order, version, time):
        """The cache has confirmed that no older answer will be served to who asks after this time."""
        with self.lock:
            self.floors[order].append((time, version))

    def check(self, text, order, key, asked_at, bound, where):
        """Notes whatever is wrong with an answer; `bound` is how late a replica may hear of an invalidation."""
        match = ANSWER.fullmatch(text)
        if not match:
            return self.violate(f"{where}: not an answer of the model: {text[:120]!r}")
        found, owner, version = int(match[1]), match[2], int(match[3])
        with self.lock:
            floor = max(version for time, version in self.floors[order] if time + bound <= asked_at)
        if found != order:
            self.violate(f"{where}: asked for order {order}, answered with {found}")
        if owner != mark(key):
            self.violate(f"{where}: order {order}: the answer of another caller")
        if version < floor:
            self.violate(f"{where}: order {order}: version {version} after {floor} was acknowledged")

    def violate(self, what):
        with self.lock:
            self.violations.append(what)

"""What goes wrong in the soak's world: one thing at a time, each for some seconds."""
import random
import signal
import threading
import time


class Faults:
    """A thread that breaks and mends until it is told to stop."""

    def __init__(self, world, seed):
        self.world, self.chance = world, random.Random(seed)
        self.done, self.log = threading.Event(), []
        first = world.replicas[0]
        self.kinds = {
            "model down": lambda: self.stub(world.model, "down"),
            "model busy": lambda: self.stub(world.model, "error"),
            "model stalls": lambda: self.stub(world.model, "stall"),
            "model cuts answers": lambda: self.stub(world.model, "cut"),
            "embedder down": lambda: self.stub(world.embedder, "down"),
            "embedder stalls": lambda: self.stub(world.embedder, "stall"),
            "redis killed": self.kill_redis,
            "redis deaf": lambda: world.redis.cli("DEBUG", "SLEEP", "3"),
            "redis connections cut": lambda: world.redis.cli("CLIENT", "KILL", "TYPE", "normal"),
            "replica A killed": lambda: self.restart(signal.SIGKILL),
            "replica A ended": lambda: self.restart(signal.SIGTERM),
            "clock of A forward": lambda: self.skew("+2h"),
            "clock of A back": lambda: self.skew("-2h"),
        }
        if first.has_small_disk:
            self.kinds["disk of A full"] = self.fill
        self.thread = threading.Thread(target=self.run, daemon=True)

    def start(self):
        self.thread.start()

    def stop(self):
        self.done.set()
        self.thread.join()

    def run(self):
        begin = time.monotonic()
        bag = []
        while not self.done.wait(self.chance.uniform(2, 6)):
            # Every kind once before any comes twice.
            if not bag:
                bag = list(self.kinds)
                self.chance.shuffle(bag)
            kind = bag.pop()
            self.log.append(kind)
            print(f"{time.monotonic() - begin:6.0f} s  {kind}", flush=True)
            self.kinds[kind]()

    def stub(self, stub, fault):
        stub.breaks(fault)
        time.sleep(self.chance.uniform(2, 8))
        stub.recovers()

    def kill_redis(self):
        self.world.redis.kill()
        time.sleep(self.chance.uniform(1, 5))
        self.world.redis.start()

    def restart(self, how):
        first = self.world.replicas[0]
        code = first.end(how)
        if how == signal.SIGTERM and code not in (0, 143, -15):
            self.world.truth.violate(f"{first.name} ended with {code} on SIGTERM")
        time.sleep(self.chance.uniform(0, 2))
        first.start()

    def skew(self, offset):
        first = self.world.replicas[0]
        first.set_clock(offset)
        time.sleep(self.chance.uniform(3, 8))
        first.set_clock("+0")

    def fill(self):
        first = self.world.replicas[0]
        first.fill_disk()
        time.sleep(self.chance.uniform(3, 8))
        first.free_disk()

"""The processes of the soak's world: a redis-server, two replicas, and a small disk for one of them."""
import http.client
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import time

FAKETIME = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1"
CONFIGURATION = """\
upstream: {upstream}
access_log: false
summary_model: none
limits: {{upstream_timeout: 20s}}
embedder: {{url: "{embedder}", name: soak, dimension: 64, key: none, deadline: 500ms}}
redis: {{url: "unix://{redis}", tenant_secret_file: "{secret}", lookup_deadline: 50ms}}
defaults: {{threshold: 0.7, freshness: strict, strict_freshness_bound: 2s, maximum_entries: 2000}}
namespaces:
  pinned: {{freshness: relaxed, maximum_entries: 100000}}
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Redis:
    """A redis-server that keeps what it has acknowledged."""

    def __init__(self, folder):
        self.folder, self.socket = folder, folder / "redis.sock"
        self.process = None
        folder.mkdir()

    def start(self):
        command = ["redis-server", "--port", "0", "--unixsocket", str(self.socket), "--dir", str(self.folder)]
        command += ["--save", "", "--appendonly", "yes", "--appendfsync", "always", "--enable-debug-command", "yes"]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait(lambda: self.cli("PING") == "PONG", "redis-server")

    def kill(self):
        self.process.kill()
        self.process.wait()

    def cli(self, *arguments):
        command = ["redis-cli", "-s", str(self.socket), *arguments]
        return subprocess.run(command, capture_output=True, text=True).stdout.strip()


class Replica:
    """A `semcache serve` that comes back on the same ports after each end."""

    def __init__(self, name, binary, folder, disk_bytes, **urls):
        self.name, self.binary, self.folder = name, binary, folder
        self.port, self.admin = free_port(), free_port()
        self.process, self.lives = None, 0
        # When it was last down: requests that met that may fail.
        self.down_until = 0.0
        self.data = folder / "data"
        self.data.mkdir(parents=True)
        self.has_small_disk = False
        if disk_bytes and os.geteuid() == 0:
            command = ["mount", "-t", "tmpfs", "-o", f"size={disk_bytes}", "semcache-soak", str(self.data)]
            self.has_small_disk = subprocess.run(command, capture_output=True).returncode == 0
        (folder / "semcache.yaml").write_text(CONFIGURATION.format(**urls))
        self.clock = folder / "clock"
        self.set_clock("+0")

    def set_clock(self, offset):
        """Sets the wall clock that the replica sees, if libfaketime is there."""
        self.clock.write_text(offset)

    def start(self):
        command = [self.binary, "serve", "--config", str(self.folder / "semcache.yaml"), "--data", str(self.data / "cache")]
        command += ["--port", str(self.port), "--admin-port", str(self.admin)]
        environment = dict(os.environ)
        if pathlib.Path(FAKETIME).exists():
            # In the first process, libfaketime sets a variable; Swift then finds no arguments, so `env` is the first.
            command.insert(0, "env")
            environment |= {
                "LD_PRELOAD": FAKETIME, "FAKETIME_TIMESTAMP_FILE": str(self.clock), "FAKETIME_NO_CACHE": "1",
                "DONT_FAKE_MONOTONIC": "1",
            }
        with open(self.folder / "log", "a") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, env=environment)
        self.lives += 1
        wait(lambda: self.get("/healthz")[0] == 200, f"replica {self.name}")
        self.down_until = time.monotonic()

    def end(self, how=signal.SIGKILL):
        self.down_until = float("inf")
        self.process.send_signal(how)
        try:
            return self.process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise SystemExit(f"soak: replica {self.name} did not end within a minute of signal {how}")

    def close(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait()
        if self.has_small_disk:
            subprocess.run(["umount", str(self.data)])

    def resident(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1])

    def was_up_since(self, start):
        return self.down_until < start

    def get(self, path):
        return self.ask_admin("GET", path)

    def ask_admin(self, method, path, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.admin, timeout=30)
        try:
            data = None if body is None else json.dumps(body)
            connection.request(method, path, data, {"content-type": "application/json"} if data else {})
            answer = connection.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException) as error:
            return 0, str(error).encode()
        finally:
            connection.close()

    def fill_disk(self):
        """Takes all that is left of the small disk."""
        free = shutil.disk_usage(self.data).free
        try:
            with open(self.data / "ballast", "wb") as ballast:
                for _ in range(free // 65536 + 1):
                    ballast.write(bytes(65536))
        except OSError:
            pass

    def free_disk(self):
        (self.data / "ballast").unlink(missing_ok=True)


def wait(condition, what, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise SystemExit(f"soak: {what} did not come up")
        time.sleep(0.05)

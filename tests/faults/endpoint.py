"""An HTTP endpoint in its own process that writes down, durably and before it answers, what it took.

One line of JSON for each message accepted: its idempotency key, a hash of its bytes, and whether the key was known
already; such a message is accepted again and counted once. On a bad day (--chaos) it is slow, has no time, hangs up
before it took a message, or after. Run as `python -m tests.faults.endpoint --port 0 --log FILE`.
"""

import argparse
import hashlib
import json
import os
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from random import Random
from time import sleep

from campaigns.demo.sink import SinkProcess

MOODS = {"fine": 930, "busy": 15, "broken": 10, "hangs up": 15, "takes it and hangs up": 20, "half": 10}


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        length = int(self.headers["Content-Length"])
        body = self.rfile.read(length)
        if len(body) < length:
            return  # who sent it died: it was never whole, and never taken
        mood = self.server.mood()
        sleep(self.server.random.choice((0, 0, 0.001, 0.003)))
        if mood in ("busy", "broken"):
            self.say(429 if mood == "busy" else 503, b"come back later")
        elif mood == "hangs up":
            self.close_connection = True
        else:
            self.server.write_down(self.headers["Idempotency-Key"], body)
            if mood == "fine":
                self.say(200, b"taken")
            elif mood == "half":
                self.wfile.write(b"HTTP/1.1 20")
            self.close_connection = True

    def say(self, code, text):
        self.send_response(code)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *args):
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, port, log, chaos):
        super().__init__(("127.0.0.1", port), Handler)
        self.log, self.random, self.chaos = log.open("ab", buffering=0), Random(chaos), chaos
        self.known, self.lock = set(), threading.Lock()

    def mood(self):
        return self.random.choices(list(MOODS), MOODS.values())[0] if self.chaos else "fine"

    def write_down(self, key, body):
        with self.lock:
            line = {"key": key, "sha256": hashlib.sha256(body).hexdigest(), "repeated": key in self.known}
            self.known.add(key)
            self.log.write(json.dumps(line).encode() + b"\n")
            os.fsync(self.log.fileno())

    def handle_error(self, request, client_address):
        pass  # who was talking died


class Endpoint(SinkProcess):
    """Start and stop it from a run, and read what it took."""

    module = "tests.faults.endpoint"

    def __init__(self, folder, chaos):
        super().__init__(folder / "endpoint.log", options=["--chaos", str(chaos)])

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/"

    def taken(self):
        """How often each key was accepted, and the keys that came with other bytes a second time."""
        lines = [json.loads(line) for line in self.log.read_bytes().splitlines()]
        seen = {}
        changed = {
            line["key"] for line in lines if seen.setdefault(line["key"], line["sha256"]) != line["sha256"]
        }
        return Counter(line["key"] for line in lines), changed


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--log", type=Path, required=True)
    parser.add_argument("--chaos", type=int, default=0, help="behave badly at random; the seed")
    given = parser.parse_args()
    server = Server(given.port, given.log, given.chaos)
    print(server.server_port, flush=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    # Whoever started this has died when standard input ends.
    while os.read(0, 4096):
        pass


if __name__ == "__main__":
    main()

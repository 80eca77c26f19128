"""A mail server that accepts everything as fast as Python can and only counts: `python -m bench.sink`.

Prints its port; answers `COUNT` with the number of mails taken so far. With --delay each answer waits so long.
"""

import argparse
import asyncio
import os
import subprocess
import sys

GREETING = b"220 sink.example ESMTP\r\n"
EHLO = (
    b"250-sink.example\r\n250-PIPELINING\r\n250-SIZE 33554432\r\n250-8BITMIME\r\n250 ENHANCEDSTATUSCODES\r\n"
)


class Session(asyncio.Protocol):
    count = 0
    delay = 0.0

    def connection_made(self, transport):
        self.transport = transport
        self.heard = bytearray()
        self.in_data = False
        self.say(GREETING)

    def say(self, answer):
        if self.delay:
            asyncio.get_running_loop().call_later(self.delay, self.transport.write, answer)
        else:
            self.transport.write(answer)

    def data_received(self, data):
        heard = self.heard
        heard += data
        answers = []
        while heard:
            if self.in_data:
                end = heard.find(b"\r\n.\r\n")
                if end < 0:
                    break
                del heard[: end + 5]
                self.in_data = False
                Session.count += 1
                answers.append(b"250 2.0.0 Ok: queued as %X\r\n" % Session.count)
                continue
            end = heard.find(b"\r\n")
            if end < 0:
                break
            verb = bytes(heard[:4]).upper()
            del heard[: end + 2]
            if verb == b"DATA":
                self.in_data = True
                answers.append(b"354 go on\r\n")
            elif verb == b"EHLO":
                answers.append(EHLO)
            elif verb == b"COUN":
                answers.append(b"%d\r\n" % Session.count)
            elif verb == b"QUIT":
                answers.append(b"221 2.0.0 bye\r\n")
            else:
                answers.append(b"250 2.1.0 Ok\r\n")
        if answers:
            self.say(b"".join(answers))


async def serve():
    server = await asyncio.get_running_loop().create_server(Session, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    os._exit(0)


class Sink:
    """The sink in a process of its own, as a context manager; it ends with the process that started it."""

    def __init__(self, delay=0.0):
        self.delay = delay

    def __enter__(self):
        command = [sys.executable, "-m", "bench.sink", "--delay", str(self.delay)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline())
        return self

    def __exit__(self, *fault):
        self.process.stdin.close()
        self.process.wait(10)

    def count(self):
        import socket

        with (
            socket.create_connection(("127.0.0.1", self.port)) as connection,
            connection.makefile("rwb") as stream,
        ):
            stream.readline()
            stream.write(b"COUNT\r\n")
            stream.flush()
            return int(stream.readline())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--delay", type=float, default=0)
    Session.delay = parser.parse_args().delay
    asyncio.run(serve())

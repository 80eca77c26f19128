"""Asks the site how it is, for container health checks: `healthcheck.py [PATH] [HOST:PORT]`; exit code 0 when well.

The request names a host the site answers to, since any other name is refused before it is looked at.
"""

import http.client
import os
import sys


def main(path: str = "/healthz", address: str = "127.0.0.1:8000") -> int:
    host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].strip().lstrip(".")
    connection = http.client.HTTPConnection(address, timeout=4)
    try:
        connection.request("GET", path, headers={"Host": "localhost" if host in {"", "*"} else host})
        status = connection.getresponse().status
    except OSError:
        return 1
    return 0 if status == 200 else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

"""A reader of pages, from a process of its own: `python -m bench.getting JSON` prints one JSON object.

JSON: {"port", "pid", "path", "cookie", "callers", "seconds", "must"}. Each caller waits for its whole answer, which
must hold the words `must`, before it asks again; connections are kept where the server keeps them.
"""

import http.client
import json
import sys
import time
from threading import Thread
from typing import Any

from bench.load import cpu_of

WARM_UP = 0.5
HEADERS = {"Accept": "text/html,application/json", "Accept-Encoding": "gzip", "Accept-Language": "id"}


class Reader(Thread):
    def __init__(self, asked: dict[str, Any], begin: float) -> None:
        super().__init__(daemon=True)
        self._asked, self._begin = asked, begin
        self.waits: list[float] = []
        self.size = 0

    def run(self) -> None:
        line = http.client.HTTPConnection("127.0.0.1", self._asked["port"], timeout=60)
        headers = HEADERS | {"Cookie": self._asked["cookie"]}
        end = self._begin + self._asked["seconds"]
        while time.perf_counter() < end:
            sent = time.perf_counter()
            line.request("GET", self._asked["path"], headers=headers)
            answer = line.getresponse()
            self.size = len(answer.read())
            if answer.status != 200:
                raise RuntimeError(f"{answer.status} of {self._asked['path']}")
            if sent >= self._begin:
                self.waits.append(time.perf_counter() - sent)


def looked(asked: dict[str, Any]) -> None:
    """Once before: the page is the one that is meant. Raises RuntimeError."""
    line = http.client.HTTPConnection("127.0.0.1", asked["port"], timeout=60)
    line.request("GET", asked["path"], headers={"Cookie": asked["cookie"], "Accept-Language": "id"})
    answer = line.getresponse()
    body = answer.read().decode()
    if answer.status != 200 or body.count(asked["must"]) < asked["times"]:
        raise RuntimeError(f"{answer.status}: {body.count(asked['must'])} times {asked['must']}")


def run(asked: dict[str, Any]) -> dict[str, float]:
    looked(asked)
    begin = time.perf_counter() + WARM_UP
    readers = [Reader(asked, begin) for _ in range(asked["callers"])]
    for each in readers:
        each.start()
    time.sleep(max(0.0, begin - time.perf_counter()))
    cpu = cpu_of(asked["pid"])
    for each in readers:
        each.join()
    cpu = cpu_of(asked["pid"]) - cpu
    took = time.perf_counter() - begin
    waits = sorted(wait for each in readers for wait in each.waits)
    return {
        "rate": len(waits) / took,
        "cpu": cpu / max(1, len(waits)) * 1e6,
        "p50": waits[len(waits) // 2] * 1000,
        "p99": waits[len(waits) * 99 // 100] * 1000,
        "size": readers[0].size,
    }


if __name__ == "__main__":
    print(json.dumps(run(json.loads(sys.argv[1]))))

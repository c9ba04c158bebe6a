"""How soon a service tells the status of a job, beside how soon a bare server says hello at the same moment.

A process of its own, so that a crowd of clients in Python does not keep it waiting: reads one JSON object (the address
and token of each job, and the bare server's address) and, until its input ends, writes a line of two times in seconds.
"""

from __future__ import annotations

import json
import random
import sys
import threading
import time

import requests

EVERY = 0.1


def main() -> None:
    """Ask until standard input ends."""
    asked = json.loads(sys.stdin.readline())
    over = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), over.set()), daemon=True).start()
    with requests.Session() as session:
        while not over.wait(EVERY):
            job, token = random.choice(asked["jobs"])
            print(_seconds(session, job, {"Authorization": f"Bearer {token}"}), _seconds(session, asked["bare"], {}),
                  flush=True)


def _seconds(session: requests.Session, address: str, headers: dict[str, str]) -> float:
    begun = time.monotonic()
    session.get(address, headers=headers, timeout=600).raise_for_status()
    return time.monotonic() - begun


if __name__ == "__main__":
    main()

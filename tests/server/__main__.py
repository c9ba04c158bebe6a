"""``python -m tests.server``: serve the miniature until Ctrl-C."""

from __future__ import annotations

import argparse
import time

from tests.server.api import KEY
from tests.server.faults import KINDS
from tests.server.http_server import Server
from tests.server.miniature import COUNTRIES, MAP_CRS, geotiff


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.server", description=__doc__)
    parser.add_argument("--latency", type=float, default=0.0, help="milliseconds before each answer")
    parser.add_argument("--fault", action="append", default=[], metavar="KIND:PATTERN[:TIMES]",
                        help=f"make the paths that match fail; kinds: {', '.join(KINDS)}")
    parser.add_argument("--copies", type=int, default=1,
                        help="list each species so often; more than 1 makes the files of northland beforehand")
    arguments = parser.parse_args()
    if arguments.copies > 1:
        for species in COUNTRIES[0].species:
            geotiff(COUNTRIES[0], species, MAP_CRS)
    server = Server(latency=arguments.latency / 1000, copies=arguments.copies)
    for text in arguments.fault:
        kind, pattern, *times = text.split(":")
        if kind not in KINDS:
            parser.error(f"unknown fault {kind}")
        server.fail(pattern, kind, int(times[0]) if times else None)
    print(f"catalogue  {server.catalogue}\nAPI        {server.address}/v2  (key: {KEY})\n"
          f"WMS        {server.address}/wms\nXYZ tiles  {server.address}/tiles/{{z}}/{{x}}/{{y}}.png", flush=True)
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        server.stop()


if __name__ == "__main__":
    main()

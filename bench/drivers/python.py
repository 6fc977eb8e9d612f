"""Runs a Python handler as node.mjs runs ours: same modes, same events, same answers on file descriptor 3."""

import time

import json
import os
import sys

moved = 0


def tell(**said):
    os.write(3, (json.dumps(said) + "\n").encode())


def event(count):
    global moved
    records = []
    for _ in range(count):
        moved += 1
        records.append(
            {
                "eventVersion": "2.1",
                "eventSource": "aws:s3",
                "awsRegion": "us-east-1",
                "eventTime": "2026-01-01T00:00:00.000Z",
                "eventName": "ObjectCreated:Put",
                "s3": {
                    "bucket": {"name": "bench"},
                    "object": {
                        "key": f"uploads/2026/report+{moved}.csv",
                        "size": 1024,
                        "eTag": "d41d8cd98f00b204e9800998ecf8427e",
                        "sequencer": "0055AED6DCD90281E5",
                    },
                },
            }
        )
    return {"Records": records}


def main(mode, folder=""):
    if mode == "bare":
        tell(loadedAt=time.time() * 1000)
        return
    sys.path.insert(0, folder)
    from handler import handler

    tell(loadedAt=time.time() * 1000)
    if mode == "first":
        sys.stdin.readline()
    if mode != "warm":
        handler(event(1), None)
        tell(movedAt=time.time() * 1000)
        os._exit(0)

    import resource

    for line in sys.stdin:
        command = json.loads(line)
        cpu, started = time.process_time(), time.perf_counter()
        for _ in range(command["events"]):
            handler(event(command["records"]), None)
        wall, cpu = time.perf_counter() - started, time.process_time() - cpu
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        # Kilobytes on Linux, bytes on macOS.
        peak_mb = peak / 1024 / (1024 if sys.platform == "darwin" else 1)
        tell(wallMs=wall * 1000, cpuMs=cpu * 1000, peakMb=peak_mb)


main(*sys.argv[1:])

"""The worker of an engine that is linked into Python: reads the name of a workload a line, does it once, and
answers a line of JSON with what came out and what it cost."""
import json
import sys
import time


def serve(workloads, reopen=lambda: None):
    """Each workload is a pair: the work, which is timed, and what of its result is compared, which is not."""
    for line in sys.stdin:
        name = line.strip()
        if name == "reopen":
            reopen()
            print("{}", flush=True)
            continue
        work, compared = workloads[name]
        wall, cpu = time.perf_counter(), time.process_time()
        result = work()
        cost = {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall}
        print(json.dumps({"answer": compared(result), **cost}), flush=True)

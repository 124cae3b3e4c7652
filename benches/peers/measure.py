"""Processes and what they cost: whole ones, long-lived workers, and rounds in which the engines take turns."""
import json
import os
import subprocess
import time


def whole(command, script="", folder=None):
    """One process from start to exit: its output, wall time, processor time of all its threads, peak memory."""
    started = time.perf_counter()
    process = subprocess.Popen(
        list(map(str, command)),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd=folder,
        text=True,
    )
    process.stdin.write(script)
    process.stdin.close()
    output = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        return {"refused": f"status {process.returncode}: {output.strip()[-300:]}"}
    return {"output": output, "wall": wall, "cpu": used.ru_utime + used.ru_stime, "memory": used.ru_maxrss * 1024}


class Worker:
    """An engine with its store open, which does one piece of work for each line that it reads."""

    def __init__(self, command):
        command = list(map(str, command))
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, workload):
        try:
            self.process.stdin.write(workload + "\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        except BrokenPipeError:
            line = ""
        return json.loads(line) if line else {"refused": f"the worker ended with status {self.process.wait()}"}

    def close(self):
        self.process.stdin.close()
        self.process.wait()


LEAST = 3


def take_turns(askers, rounds, seconds):
    """Asks A B C A B C ..., so that whatever else this machine does slows all alike. The first round warms up and is
    left out. Who takes longer for one answer than all may is asked once; the others at least LEAST times more. Gives
    the samples of each, or why there are none."""
    samples, refused = {column: [] for column in askers}, {}
    turns, started = dict(askers), time.perf_counter()
    for done in range(rounds + 1):
        for column, ask in list(turns.items()):
            if column not in turns:
                continue
            asked = time.perf_counter()
            sample = ask()
            if "refused" in sample:
                refused[column] = sample["refused"]
            else:
                samples[column].append(sample)
            if "refused" in sample or time.perf_counter() - asked > seconds:
                turns.pop(column, None)
                if column == "casebook":  # what took too long need not be asked in other states as well
                    turns = {name: ask for name, ask in turns.items() if name not in ("again", "opened")}
        if done >= LEAST and time.perf_counter() - started > seconds:
            break
    series = {column: refused.get(column) or found[1:] or found for column, found in samples.items()}
    return {column: found for column, found in series.items() if found}


def append_and_sync(file):
    """The least that a durable change costs."""
    started = time.perf_counter()
    os.write(file, b"x" * 64)
    os.fdatasync(file)
    return {"wall": time.perf_counter() - started, "cpu": 0.0}


def size(folder):
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def cores():
    return len(os.sched_getaffinity(0))

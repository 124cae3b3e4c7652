"""SWI-Prolog: facts are compiled to its quick-loading form; `worker.pl` holds the rules and answers warm."""
import csv
import os
import shutil
import subprocess
from pathlib import Path

TITLE = "SWI-Prolog"
WORKER = Path(__file__).with_name("worker.pl")
TABLES = {
    "clusters": "cluster",
    "interventions": "intervention",
    "sources": "source",
    "cites": "cites",
    "supplier": "supplier",
    "graph": "graph",
    "evidence": "evidence",
}


def missing(folder):
    """Installs it where that is allowed; what a person must do where it is not."""
    if not shutil.which("swipl") and os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "install", "-qq", "--no-install-recommends", "swi-prolog-nox"])
    return None if shutil.which("swipl") else "install Debian's swi-prolog-nox"


def version(folder):
    return subprocess.run(["swipl", "--version"], capture_output=True, text=True).stdout.split()[2]


def load(folder, data, store):
    """The command that makes a store of the files, and its input. Writing the facts as Prolog is not counted."""
    facts = store / "facts.pl"
    with open(facts, "w") as file:
        for table, functor in TABLES.items():
            with open(data / f"{table}.csv", newline="") as rows:
                next(rows)
                file.writelines(f"{functor}({','.join(map(quoted, row))}).\n" for row in csv.reader(rows))
    return ["swipl", "-g", f"qcompile('{facts}'), delete_file('{facts}'), halt"], ""


def quoted(word):
    return word if word[0].isdigit() or word[0].islower() else f"'{word}'"


def cold(folder, store):
    """The command that asks one question in a process of its own."""
    return ["swipl", WORKER, "--", store / "facts.qlf", "cold"]


def worker(folder, data, store):
    """The command that answers many questions in one process."""
    return ["swipl", WORKER, "--", store / "facts.qlf", data / "facts.json"]

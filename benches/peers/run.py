#!/usr/bin/env python3
"""Casebook beside SQLite, DuckDB and SWI-Prolog, on the same made-up cases.

    python3 benches/peers/run.py 1e5                      all there is to measure, for 100,000 cases
    python3 benches/peers/run.py 1e3 1e4 1e5              and how it grows with the number of cases
    python3 benches/peers/run.py 1e4 --only rules,load    some of it
    python3 benches/peers/run.py 1e6 --engines casebook,duckdb --rounds 5
    python3 benches/peers/run.py 1e3 1e4 1e5 1e6 --write docs/performance.md
    python3 benches/peers/run.py 1e3 1e4 1e5 1e6 --write docs/performance.md --kept

It installs what it needs (DuckDB into `target/peers/`; SWI-Prolog where it may), makes the data and the stores,
lets the engines take turns, checks that they answer alike, and prints medians of processor time as tables in
Markdown. Cold questions and loads are whole processes; all else is asked of an engine whose store is open. What has
been measured stays in `target/peers/N/results.json`, from which `--kept` makes the tables again. The status is 1 if
answers differ.
"""
import argparse
import datetime
import json
import os
import platform
import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path

import data
import report
import with_casebook
import with_duckdb
import with_sqlite
import with_swipl
from measure import Worker, append_and_sync, cores, size, take_turns, whole

FOLDER = Path(__file__).resolve().parents[2] / "target/peers"
ENGINES = {"casebook": with_casebook, "sqlite": with_sqlite, "duckdb": with_duckdb, "swipl": with_swipl}
TITLES = {name: engine.TITLE for name, engine in ENGINES.items()}


@dataclass
class Workload:
    name: str
    title: str
    # How many times as fast as which engine it is meant to be, at a million cases.
    goals: dict = field(default_factory=dict)
    # Whether Casebook is asked of a store that was opened anew, then of one that has read its columns, then again.
    opened: bool = True
    # What in the data says how many questions are one round; the table shows the time of one of them.
    questions: str = ""
    # Which of Casebook's times is held against the others: `opened`, the first question to a store just opened;
    # `casebook`, the first that concludes something, when columns have been read; `again`, the same question again.
    judged: str = "casebook"
    measure: str = "cpu"
    engines: tuple = tuple(ENGINES)


OWN = ("casebook",)
WORKLOADS = [
    Workload("cold", "four conditions, ids, a whole process", {"duckdb": 15, "sqlite": 1 / 1.5}, opened=False),
    Workload("filter count", "four conditions, counted", judged="again"),
    Workload("filter ids", "four conditions, ids", {"sqlite": 1}, judged="again"),
    Workload("filters ad hoc", "2 to 4 conditions with a range, counted", {"duckdb": 10}, True, "filters", "again"),
    Workload("join counted", "join, counted", {"duckdb": 10}),
    Workload("join grouped", "join, grouped", {"duckdb": 8}),
    Workload("reach", "reachable from one source", {"sqlite": 10}),
    Workload("closure of suppliers", "closure of suppliers"),
    Workload("closure of a graph", "closure of a graph of 2,000 nodes", {"duckdb": 10, "Souffle": 20}),
    Workload("rules counted", "rules with negation, counted", {"duckdb": 10}),
    Workload("rules listed", "rules with negation, listed", {"duckdb": 2}),
    Workload("rules for one case", "rules with negation, one case", {"sqlite": 1 / 2}, questions="asked"),
    Workload("why", "why: the first proof", {"Souffle": 1000, "Nemo": 1000}, judged="opened", engines=OWN),
    Workload("why not", "why not", engines=OWN),
    Workload("what if", "what if", engines=OWN),
    Workload(
        "add and ask",
        "add a case durably, ask about it (wall)",
        {"sqlite": 1 / 1.2},
        opened=False,
        measure="wall",
        engines=("casebook", "sqlite", "duckdb"),
    ),
]


def main():
    options = arguments()
    engines = {name: ENGINES[name] for name in options.engines if ready(name)}
    runs = {n: Run(n, engines, options) for n in options.sizes}
    told = []
    for run in runs.values():
        run.everything()
        told += run.told()
        print("\n".join(run.told()), flush=True)
    if len(runs) > 1:
        grown = list(report.growth(WORKLOADS, {n: run.results for n, run in runs.items()}, TITLES))
        grown = ["", "### How it grows with the number of cases", "", GROWTH, "", *grown]
        told += grown
        print("\n".join(grown))
    if options.write:
        write(options.write, told)
    return any(run.differ() for run in runs.values())


GROWTH = "Casebook's time in milliseconds; in brackets, how many times as fast as the other engine it is."
BEGIN, END = "<!-- begin: benches/peers/run.py --write -->", "<!-- end -->"


def write(path, told):
    """Puts the tables between the two marks of a document, in place of the last ones."""
    text = path.read_text()
    before, rest = text.split(BEGIN)
    after = rest.split(END, 1)[1]
    path.write_text(before + BEGIN + "\n".join(["", *told, "", END]) + after)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sizes", nargs="+", type=lambda text: int(float(text)), help="how many cases: 1e3 to 1e6")
    listed = lambda text: text.split(",")
    parser.add_argument("--only", type=listed, default=[""], help="workloads whose name contains one of these")
    parser.add_argument("--engines", type=listed, default=list(ENGINES), help=", ".join(ENGINES))
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--seconds", type=float, default=30, help="about as long as one workload may take")
    parser.add_argument("--write", type=Path, help="also put the tables into this document, between its two marks")
    parser.add_argument("--kept", action="store_true", help="measure only the sizes that have not been measured")
    return parser.parse_args()


def ready(name):
    lacking = ENGINES[name].missing(FOLDER)
    if lacking:
        say(f"without {TITLES[name]}: {lacking}")
    return not lacking


def say(text):
    print(text, file=sys.stderr, flush=True)


class Run:
    """All that is measured for one number of cases."""

    def __init__(self, n, engines, options):
        self.n, self.engines, self.options = n, engines, options
        self.folder = FOLDER / str(n)
        self.data = self.folder / "data"
        self.results, self.loads, self.refused, self.told_of = {}, {}, [], None

    def everything(self):
        """Measures, or with `--kept` reads what has been measured to the end before."""
        kept = json.loads(self.kept.read_text()) if self.options.kept and self.kept.exists() else {}
        if kept.get("told_of"):
            for what, value in kept.items():
                setattr(self, what, value)
            self.about = data.make(self.n, self.data)
        else:
            self.measure()

    @property
    def kept(self):
        return self.folder / "results.json"

    def keep(self):
        if self.options.only != [""]:
            return
        what = ("results", "loads", "refused", "told_of")
        self.kept.write_text(json.dumps({name: getattr(self, name) for name in what}))

    def measure(self):
        say(f"{self.n:,} cases: data")
        self.about = data.make(self.n, self.data)
        self.load()
        self.cold()
        self.warm()
        self.told_of = self.circumstances()
        self.keep()
        if self.wanted("add and ask"):  # what was added makes the stores unfit for another run
            for name in self.engines:
                shutil.rmtree(self.folder / name)

    def wanted(self, name):
        return any(word in name for word in self.options.only)

    def turns(self, name, askers, rounds=None):
        say(f"{self.n:,} cases: {name}")
        series = take_turns(askers, self.options.rounds if rounds is None else rounds, self.options.seconds)
        self.refused += [(name, column, why) for column, why in series.items() if isinstance(why, str)]
        self.results[name] = series
        self.keep()

    def load(self):
        """Makes the stores: all of them if that is to be measured, otherwise those that are not there. Casebook's is
        always made, by the program as it is now."""
        measured = self.wanted("load")
        absent = lambda name: measured or name == "casebook" or not (self.folder / name).exists()
        askers = {name: lambda name=name: self.load_once(name) for name in filter(absent, self.engines)}
        if measured and "casebook" in askers:
            askers["bare"] = lambda: whole(with_casebook.bare_load(self.data)) | {"bytes": size(self.data)}
        self.turns("load", askers, rounds=3 if measured else 0)
        self.loads = self.results.pop("load")
        self.engines = {name: engine for name, engine in self.engines.items() if (self.folder / name).exists()}

    def load_once(self, name):
        store, made = self.folder / name, self.folder / f"{name}.new"
        for folder in (store, made):
            shutil.rmtree(folder, ignore_errors=True)
        made.mkdir(parents=True)
        sample = whole(*self.engines[name].load(FOLDER, self.data, made), folder=self.data)
        if "refused" not in sample:
            sample["bytes"] = size(made)
            made.rename(store)
        return sample

    def cold(self):
        if not self.wanted("cold"):
            return
        askers = {
            name: lambda command=engine.cold(FOLDER, self.folder / name): cold_answer(whole(command))
            for name, engine in self.engines.items()
        }
        self.turns("cold", askers | {"bare": lambda: whole(["true"])})

    def warm(self):
        workers = {
            name: Worker(engine.worker(FOLDER, self.data, self.folder / name)) for name, engine in self.engines.items()
        }
        for workload in WORKLOADS:
            if workload.name != "cold" and self.wanted(workload.name):
                self.turns(workload.name, self.askers(workload, workers))
        for worker in workers.values():
            worker.close()

    def askers(self, workload, workers):
        askers = {}
        for name in filter(workers.get, workload.engines):
            ask = lambda worker=workers[name]: self.per_question(workload, worker.ask(workload.name))
            if name == "casebook" and workload.opened:
                first = lambda *before, tell=workers[name].ask, ask=ask: [*map(tell, before), ask()][-1]
                askers["casebook"] = lambda first=first: first("reopen", "touch")
                askers["again"] = ask
                askers["opened"] = lambda first=first: first("reopen")
            else:
                askers[name] = ask
        if workload.name == "filter count" and "casebook" in workers:
            askers["bare"] = lambda: unanswered(workers["casebook"].ask("bare scan"))
        if workload.measure == "wall":
            file = os.open(self.folder / "bare", os.O_CREAT | os.O_WRONLY | os.O_APPEND)
            askers["bare"] = lambda: append_and_sync(file)
        return askers

    def per_question(self, workload, sample):
        if workload.questions and "answer" in sample:
            count = len(self.about[workload.questions])
            sample |= {what: sample[what] / count for what in ("cpu", "wall")}
        return sample

    def differ(self):
        return [name for name, series in self.results.items() if len(report.answers(series)) > 1]

    def told(self):
        """All tables, in Markdown."""
        told = [f"### {self.n:,} cases, {self.about['facts']:,} facts", "", self.told_of, ""]
        told += report.goals(WORKLOADS, self.results, self.loads, TITLES)
        told += ["", *report.times(WORKLOADS, self.results, TITLES)]
        told += ["", *report.loads(self.loads, self.about["facts"], TITLES)] if self.loads else []
        for name, column, why in self.refused:
            told += ["", f"`{name}` was refused by {TITLES.get(column, column)}: {why}"]
        for name in self.differ():
            told += ["", f"**The answers to `{name}` differ.**"]
        return ["", *told]

    def circumstances(self):
        versions = ", ".join(f"{engine.TITLE} {engine.version(FOLDER)}" for engine in self.engines.values())
        lacking = ", ".join(TITLES[name] for name in self.options.engines if name not in self.engines)
        return (
            f"`python3 benches/peers/run.py {' '.join(sys.argv[1:])}` on {datetime.date.today()}: {cores()} cores"
            f" ({platform.machine()}), load {os.getloadavg()[0]:.1f}; {versions}"
            + (f"; without {lacking}." if lacking else ".")
            + " Medians in milliseconds, of processor time where nothing else is said."
        )


def unanswered(sample):
    return {what: sample[what] for what in ("cpu", "wall")}


def cold_answer(sample):
    if "refused" in sample:
        return sample
    found = [int(word) for word in sample.pop("output").split()]
    return sample | {"answer": [len(found), sum(found)]}


if __name__ == "__main__":
    sys.exit(main())

"""Tables in Markdown: what was measured, and how many times as fast as the others Casebook is."""
from statistics import median

# What cannot be installed here was measured once beside DuckDB, on these data and one machine: an engine's
# processor time and DuckDB's in milliseconds. DuckDB's time of this run, times their ratio, stands for the engine.
# Souffle is compiled for the closure (3176 ms; 3793 interpreted). An explanation is a whole run again of Souffle's
# interpreter or of Nemo, which read their facts each time; that is for a million cases.
RECORDED = {
    ("closure of a graph", "Souffle"): (3176, 1637, "closure of a graph"),
    ("why", "Souffle"): (2786, 174, "rules counted"),
    ("why", "Nemo"): (14644, 174, "rules counted"),
}
# What Casebook is meant to reach beside DuckDB when it loads: rate, bytes and memory, DuckDB's cost divided by its own.
LOAD_GOALS = {"cpu": ("load, rate", 0.7), "bytes": ("load, bytes on disk", 1 / 2.5), "memory": ("load, peak memory", 1)}


def cost(samples, what):
    return median(sample[what] for sample in samples)


def milliseconds(seconds):
    value = seconds * 1e3
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.3g}"


def number(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def answers(series):
    """The different answers that a workload has had."""
    measured = [samples for samples in series.values() if isinstance(samples, list)]
    found = [sample["answer"] for samples in measured for sample in samples if "answer" in sample]
    return [answer for place, answer in enumerate(found) if answer not in found[:place]]


def time(workload, results, column):
    """The median time of one engine in seconds, if it has answered."""
    if (workload.name, column) in RECORDED:
        theirs, duckdb, name = RECORDED[workload.name, column]
        beside = results.get(name, {}).get("duckdb")
        return theirs / duckdb * cost(beside, "cpu") if isinstance(beside, list) else None
    samples = results[workload.name].get(column)
    return cost(samples, workload.measure) if isinstance(samples, list) else None


def ratio(workload, results, peer):
    """How many times as long as Casebook another engine takes."""
    own, other = time(workload, results, workload.judged), time(workload, results, peer)
    return None if own is None or other is None else other / own


def goals(workloads, results, loads, titles):
    """One row for each engine that a workload is held against."""
    yield "| workload | Casebook | beside | it takes | times as fast | goal | |"
    yield "| --- | ---: | --- | ---: | ---: | ---: | --- |"
    for workload in workloads:
        for peer, goal in workload.goals.items() if workload.name in results else ():
            own, other = time(workload, results, workload.judged), time(workload, results, peer)
            told = [text if value is None else milliseconds(value) for value, text in ((own, "refused"), (other, ""))]
            yield row(workload.title, told, titles.get(peer, peer), ratio(workload, results, peer), goal)
    if isinstance(loads.get("casebook"), list) and isinstance(loads.get("duckdb"), list):
        for what, (title, goal) in LOAD_GOALS.items():
            own, other = (cost(loads[engine], what) for engine in ("casebook", "duckdb"))
            told = [milliseconds(value) if what == "cpu" else f"{value / 1e6:.1f} MB" for value in (own, other)]
            yield row(title, told, titles["duckdb"], other / own, goal)


def row(title, told, peer, found, goal):
    met = "" if found is None else "met" if found >= goal else "**missed**"
    found = "" if found is None else number(found)
    return f"| {title} | {told[0]} | {peer} | {told[1]} | {found} | {number(goal)} | {met} |"


def times(workloads, results, titles):
    """One row for each workload, one column for each engine."""
    columns = {"opened": "Casebook, just opened", "casebook": "Casebook", "again": "again", **titles, "bare": "bare"}
    columns = {key: title for key, title in columns.items() if any(key in series for series in results.values())}
    yield f"| workload | answer | rounds | {' | '.join(columns.values())} |"
    yield f"| --- | --- | ---: |{' ---: |' * len(columns)}"
    for workload in workloads:
        series = results.get(workload.name)
        if series is None:
            continue
        found = answers(series)
        answer = f"{found[0][0]:,}" if len(found) == 1 else " ≠ ".join(map(str, found))
        cells = " | ".join(cell(workload, series.get(key)) for key in columns)
        measured = [len(samples) for samples in series.values() if isinstance(samples, list)]
        yield f"| {workload.title} | {answer} | {max(measured, default=0)} | {cells} |"


def cell(workload, samples):
    if samples is None:
        return ""
    if isinstance(samples, str):
        return "refused"
    return milliseconds(cost(samples, workload.measure))


def loads(series, facts, titles):
    """What it took to make the stores."""
    yield "| engine | processor time, s | million facts per s | bytes per fact | peak memory, MB |"
    yield "| --- | ---: | ---: | ---: | ---: |"
    for engine, samples in series.items():
        title = titles.get(engine, "bare: the files parsed")
        if isinstance(samples, str):
            yield f"| {title} | refused | | | |"
            continue
        cpu, size, memory = (cost(samples, what) for what in ("cpu", "bytes", "memory"))
        yield f"| {title} | {cpu:.3g} | {facts / cpu / 1e6:.2f} | {size / facts:.1f} | {memory / 1e6:.0f} |"


def growth(workloads, runs, titles):
    """One row for each workload, one column for each number of cases: Casebook's time, and how many times as fast it
    is as the first engine that it is held against."""
    yield f"| workload | {' | '.join(f'{n:,}' for n in runs)} |"
    yield f"| --- |{' ---: |' * len(runs)}"
    for workload in workloads:
        cells = [grown(workload, results) for results in runs.values()]
        peer = next(iter(workload.goals), None)
        beside = f", beside {titles.get(peer, peer)}" if peer else ""
        if any(cells):
            yield f"| {workload.title}{beside} | {' | '.join(cells)} |"


def grown(workload, results):
    if workload.name not in results:
        return ""
    told = cell(workload, results[workload.name].get(workload.judged))
    found = next((ratio(workload, results, peer) for peer in workload.goals), None)
    return told if found is None else f"{told} ({number(found)})"

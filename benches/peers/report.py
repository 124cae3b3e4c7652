"""Tables in Markdown: what was measured, and how many times as fast as the others Casebook is."""
from statistics import median

# What earlier runs have shown of engines that cannot be installed here, as a multiple of DuckDB's time for the
# workload that stands behind it. An explanation by Souffle is its whole run again.
RECORDED = {
    ("closure of a graph", "Souffle"): (1.94, "closure of a graph", "duckdb"),
    ("why", "Souffle"): (16, "rules counted", "duckdb"),
}


def cost(samples, what):
    return median(sample[what] for sample in samples)


def milliseconds(seconds):
    value = seconds * 1e3
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.3g}"


def cell(workload, samples):
    if samples is None:
        return ""
    if isinstance(samples, str):
        return "refused"
    return milliseconds(cost(samples, workload.measure))


def answers(series):
    """The different answers that a workload has had."""
    measured = [samples for samples in series.values() if isinstance(samples, list)]
    found = [sample["answer"] for samples in measured for sample in samples if "answer" in sample]
    return [answer for place, answer in enumerate(found) if answer not in found[:place]]


def ratio(workload, results, peer):
    """How many times as long as Casebook another engine takes."""
    own = results[workload.name].get("casebook")
    factor, name, engine = RECORDED.get((workload.name, peer), (1, workload.name, peer))
    other = results.get(name, {}).get(engine)
    if not isinstance(own, list) or not isinstance(other, list):
        return None
    return factor * cost(other, workload.measure) / cost(own, workload.measure)


def number(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def ratios(workload, results, titles):
    told = []
    for peer, asked in workload.goals.items():
        found = ratio(workload, results, peer)
        told.append(f"{titles.get(peer, peer)} {'?' if found is None else number(found)} ({asked:.2g})")
    return "; ".join(told)


def times(workloads, results, titles):
    """One row for each workload, one column for each engine."""
    columns = {"casebook": "Casebook", "again": "again", **titles, "bare": "bare"}
    columns = {key: title for key, title in columns.items() if any(key in series for series in results.values())}
    yield f"| workload | answer | {' | '.join(columns.values())} | times as fast as (goal) |"
    yield f"| --- | --- |{' ---: |' * len(columns)} --- |"
    for workload in workloads:
        series = results.get(workload.name)
        if series is None:
            continue
        found = answers(series)
        answer = f"{found[0][0]:,}" if len(found) == 1 else " ≠ ".join(map(str, found))
        cells = " | ".join(cell(workload, series.get(key)) for key in columns)
        yield f"| {workload.title} | {answer} | {cells} | {ratios(workload, results, titles)} |"


def loads(series, facts, titles):
    """What it took to make the stores."""
    goals = {"seconds": 0.7, "bytes": 0.4, "memory": 1}
    yield "| engine | facts | processor time, s | million facts per s | bytes per fact | peak memory, MB |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: |"
    measured = {}
    for engine, samples in series.items():
        if isinstance(samples, str):
            yield f"| {titles[engine]} | refused | | | | |"
            continue
        cpu, size, memory = (cost(samples, what) for what in ("cpu", "bytes", "memory"))
        measured[engine] = {"seconds": cpu, "bytes": size, "memory": memory}
        yield (
            f"| {titles[engine]} | {facts:,} | {cpu:.3g} | {facts / cpu / 1e6:.2f} | {size / facts:.1f} |"
            f" {memory / 1e6:.0f} |"
        )
    if {"casebook", "duckdb"} <= measured.keys():
        told = (
            f"{what} {number(measured['duckdb'][what] / measured['casebook'][what])} ({goal})"
            for what, goal in goals.items()
        )
        yield ""
        yield f"DuckDB's, divided by Casebook's (goal): {', '.join(told)}."


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
    told = cell(workload, results[workload.name].get("casebook"))
    found = next((ratio(workload, results, peer) for peer in workload.goals), None)
    return told if found is None else f"{told} ({number(found)})"

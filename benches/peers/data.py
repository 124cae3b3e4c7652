"""Made-up cases, the same at every run: clusters, interventions, sources and who refers to whom.

`python3 benches/peers/data.py 1e4 FOLDER` writes them. Every file has a random stream of its own, so that none
depends on the size of another, and draws only `random.random()`, whose sequence Python guarantees.
"""
import bisect
import json
import math
import random
import sys
from itertools import accumulate, islice
from pathlib import Path

NODES, EDGES, INTERVENTIONS = 2_000, 10_000, 200
ADHOC, ONE_CASE = 40, 10_000

INDUSTRIES = {"traditional": 0.55, "resource_based": 0.22, "specialized_supplier": 0.15, "CoPS": 0.08}
SOCIAL = {"weak": 0.35, "medium": 0.40, "strong": 0.25}
HUMAN = {"weak": 0.30, "medium": 0.45, "strong": 0.25}
KNOWLEDGE = {"localized": 0.45, "codified": 0.25, "fragmented": 0.30}
ACTORS = {"SME": 0.60, "TNC": 0.28, "state": 0.12}
SOURCES = {"article": 0.55, "book": 0.15, "report": 0.20, "interview": 0.10}
TARGETS = ["human_capital", "social_capital", "knowledge", "market_access", "finance", "governance"]
EVIDENCED = ["industry", "social_capital", "human_capital", "knowledge", "lead_actor", "export_share"]
COUNTRIES = (
    "IT US DE CN IN JP GB FR BR KR ES MX TW TR PL TH SE NL CH CA AR ZA FI DK AT "
    "PT CZ HU RO VN ID MY PK CL CO PE EG MA KE NG"
).split()
NUMBERS = {"export_share": (0, 100), "employees": (5, 20_000), "founded": (1850, 2014)}


def stream(name):
    """The random numbers of one file."""
    return random.Random(f"1/{name}").random


def picker(weights, draw):
    """Draws keys as often as their weights say."""
    values, sums = list(weights), list(accumulate(weights.values()))
    parts = [part / sums[-1] for part in sums]
    return lambda: values[min(bisect.bisect_right(parts, draw()), len(values) - 1)]


def one(values, draw):
    return values[int(len(values) * draw())]


def clusters(n):
    draw = stream("clusters")
    words = [picker(weights, draw) for weights in (INDUSTRIES, SOCIAL, HUMAN, KNOWLEDGE, ACTORS)]
    industry, social, human, knowledge, actor = words
    country = picker({name: 1.0 / (rank + 1) for rank, name in enumerate(COUNTRIES)}, draw)
    for number in range(1, n + 1):
        share = round(100 * draw() ** 1.5, 1)
        normal = math.sqrt(-2 * math.log(1 - draw())) * math.cos(2 * math.pi * draw())
        employees = max(5, int(math.exp(7 + 1.4 * normal)))
        founded = 1850 + int(165 * math.sqrt(draw()))
        yield (number, industry(), country(), social(), human(), knowledge(), actor(), share, employees, founded)


def interventions():
    draw = stream("interventions")
    industries = list(INDUSTRIES)
    for number in range(1, INTERVENTIONS + 1):
        yield (number, one(industries, draw), one(TARGETS, draw))


def sources(count):
    kind = picker(SOURCES, stream("sources"))
    for number in range(1, count + 1):
        yield (number, 1950 + 75 * number // (count + 1), kind())


def cites(count):
    """Each source cites some five earlier ones; half of the time those that are cited often."""
    draw = stream("cites")
    cited = [1]
    for number in range(2, count + 1):
        found = set()
        for _ in range(min(number - 1, 2 + int(7 * draw()))):
            other = one(cited, draw) if draw() < 0.5 else 1 + int((number - 1) * draw())
            if other < number and other not in found:
                found.add(other)
                yield (number, other)
        cited.extend(sorted(found))
        cited.append(number)


def evidence(n, count):
    draw = stream("evidence")
    row = 0
    for number in range(1, n + 1):
        for _ in range(1 + int(3 * draw())):
            row += 1
            yield (f"e{row}", number, one(EVIDENCED, draw), 1 + int(count * draw() ** 2))


def graph():
    draw = stream("graph")
    found = set()
    while len(found) < EDGES:
        edge = (1 + int(NODES * draw()), 1 + int(NODES * draw()))
        if edge[0] != edge[1] and edge not in found:
            found.add(edge)
            yield edge


def suppliers(count):
    """Tiers of subcontracting, some six deep; now and then a firm has a second buyer."""
    draw = stream("supplier")
    roots = max(1, count // 400)
    tiers = [(number, 0) for number in range(1, roots + 1)]
    made = roots + 1
    for place, (buyer, depth) in enumerate(tiers):  # grows while it is read
        if made > count:
            return
        if depth >= 7:
            continue
        for _ in range(1 + int(5 * draw())):
            if made > count:
                return
            yield (buyer, made)
            if draw() < 0.05 and place > 0:
                other = tiers[int((place + 1) * draw())][0]
                if other != buyer:
                    yield (other, made)
            tiers.append((made, depth + 1))
            made += 1


def filters():
    """Any two to four conditions, of which one is a range of a number: (attribute, operator, value) each."""
    draw = stream("filters")
    words = {
        "industry": list(INDUSTRIES),
        "country": COUNTRIES[:12],
        "social_capital": list(SOCIAL),
        "human_capital": list(HUMAN),
        "knowledge": list(KNOWLEDGE),
        "lead_actor": list(ACTORS),
    }
    for _ in range(ADHOC):
        number = one(list(NUMBERS), draw)
        low, high = NUMBERS[number]
        conditions = [(number, one([">=", "<"], draw), low + int((high - low) * draw()))]
        chosen = list(words)
        for _ in range(1 + int(3 * draw())):
            attribute = chosen.pop(int(len(chosen) * draw()))
            conditions.append((attribute, "=", one(words[attribute], draw)))
        yield conditions


def asked(n):
    """The cases that are asked about one by one; all of them where there are not so many."""
    draw = stream("asked")
    if n <= ONE_CASE:
        return list(range(1, n + 1))
    found = dict.fromkeys(1 + int(n * draw()) for _ in range(2 * ONE_CASE))
    return list(islice(found, ONE_CASE))


def write(path, header, rows):
    count = 0
    with open(path, "w", newline="") as file:
        file.write(header + "\n")
        for row in rows:
            file.write(",".join(map(str, row)) + "\n")
            count += 1
    return count


def make(n, folder):
    """Writes all files, last `facts.json`: how many facts, filters and cases there are. Gives what is in it."""
    folder.mkdir(parents=True, exist_ok=True)
    done = folder / "facts.json"
    if done.exists():
        return json.loads(done.read_text())
    count = max(10, n // 10)
    tables = {
        "clusters": (
            "id,industry,country,social_capital,human_capital,knowledge,lead_actor,export_share,employees,founded",
            clusters(n),
        ),
        "interventions": ("id,industry,target", interventions()),
        "sources": ("id,year,kind", sources(count)),
        "firms": ("id", ((number,) for number in range(1, count + 1))),
        "nodes": ("id", ((number,) for number in range(1, NODES + 1))),
        "cites": ("source_a,source_b", cites(count)),
        "supplier": ("buyer,supplier", suppliers(count)),
        "graph": ("a,b", graph()),
        "evidence": ("id,cluster,attribute,source", evidence(n, count)),
    }
    rows = {name: write(folder / f"{name}.csv", *table) for name, table in tables.items()}
    # One value of an attribute, one citation, one piece of evidence, one link between firms.
    facts = 9 * n + 2 * INTERVENTIONS + 2 * count + rows["cites"] + rows["evidence"] + rows["supplier"]
    about = {"n": n, "facts": facts, "source": count, "filters": list(filters()), "asked": asked(n)}
    done.write_text(json.dumps(about))
    return about


if __name__ == "__main__":
    make(int(float(sys.argv[1])), Path(sys.argv[2]))

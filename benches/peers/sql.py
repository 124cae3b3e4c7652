"""The same schema, views and questions for both engines that speak SQL."""

TABLES = {
    "clusters": "id INTEGER PRIMARY KEY, industry TEXT, country TEXT, social_capital TEXT, human_capital TEXT,"
    " knowledge TEXT, lead_actor TEXT, export_share REAL, employees INT, founded INT",
    "interventions": "id INTEGER PRIMARY KEY, industry TEXT, target TEXT",
    "sources": "id INTEGER PRIMARY KEY, year INT, kind TEXT",
    "firms": "id INTEGER PRIMARY KEY",
    "nodes": "id INTEGER PRIMARY KEY",
    "cites": "a INT, b INT, PRIMARY KEY (a, b)",
    "supplier": "a INT, b INT, PRIMARY KEY (a, b)",
    "graph": "a INT, b INT, PRIMARY KEY (a, b)",
    "evidence": "id TEXT, cluster INT, attribute TEXT, source INT",
}

VIEWS = """
CREATE VIEW weakness AS
  SELECT id, industry, 'human_capital' AS target FROM clusters WHERE human_capital = 'weak'
  UNION ALL SELECT id, industry, 'social_capital' FROM clusters WHERE social_capital = 'weak'
  UNION ALL SELECT id, industry, 'knowledge' FROM clusters WHERE knowledge = 'fragmented'
  UNION ALL SELECT id, industry, 'market_access' FROM clusters WHERE export_share < 10;
CREATE VIEW gap AS
  SELECT id, 'human_capital' AS target FROM clusters WHERE human_capital = 'weak'
  UNION ALL SELECT id, 'social_capital' FROM clusters WHERE social_capital = 'weak';
CREATE VIEW interactive AS SELECT id FROM clusters
  WHERE human_capital <> 'weak' AND social_capital <> 'weak' AND knowledge <> 'fragmented';
CREATE VIEW systemic_failure AS SELECT c.id, c.industry FROM clusters c
  WHERE NOT EXISTS (SELECT 1 FROM interactive i WHERE i.id = c.id);
CREATE VIEW recommended AS SELECT s.id AS cluster, i.id AS intervention
  FROM systemic_failure s JOIN gap g ON g.id = s.id
  JOIN interventions i ON i.industry = s.industry AND i.target = g.target;
"""

FOUR_CONDITIONS = "industry = 'CoPS' AND social_capital = 'weak' AND country = 'DE' AND export_share >= 50"
SUGGESTED = "weakness w JOIN interventions i ON i.industry = w.industry AND i.target = w.target"
CLOSURE = """WITH RECURSIVE closure(a, b) AS (
  SELECT a, b FROM {0} UNION SELECT closure.a, e.b FROM closure JOIN {0} e ON e.a = closure.b
) SELECT count(*) FROM closure"""
REACH = """WITH RECURSIVE reached(x) AS (
  SELECT b FROM cites WHERE a = {0} UNION SELECT c.b FROM reached JOIN cites c ON c.a = reached.x
) SELECT count(*) FROM reached"""
ONE_CASE = "SELECT intervention FROM recommended WHERE cluster = {0}"
IDS = f"SELECT id FROM clusters WHERE {FOUR_CONDITIONS}"
ADDED = ("CoPS", "DE", "weak", "weak", "localized", "SME", 60.0, 500, 1990)


def adhoc(conditions):
    """One of the filters that the data come with."""
    return "SELECT count(*) FROM clusters WHERE " + " AND ".join(
        f"{attribute} {operator} {value!r}" for attribute, operator, value in conditions
    )


def workloads(connection, about):
    """What both do alike: how the work is done, and what of its result is compared."""
    number = lambda sql: (lambda: connection.execute(sql).fetchone()[0], lambda result: [result])
    adhocs = [adhoc(conditions) for conditions in about["filters"]]
    return {
        "filter count": number(f"SELECT count(*) FROM clusters WHERE {FOUR_CONDITIONS}"),
        "filter ids": (lambda: connection.execute(IDS).fetchall(), ids),
        "filters ad hoc": (lambda: [connection.execute(sql).fetchone()[0] for sql in adhocs], weighed),
        "join counted": number(f"SELECT count(*) FROM {SUGGESTED}"),
        "join grouped": (
            lambda: connection.execute(f"SELECT i.id, count(*) FROM {SUGGESTED} GROUP BY i.id").fetchall(),
            pairs,
        ),
        "reach": number(REACH.format(about["source"])),
        "closure of suppliers": number(CLOSURE.format("supplier")),
        "closure of a graph": number(CLOSURE.format("graph")),
        "rules counted": number("SELECT count(*) FROM recommended"),
        "rules for one case": (
            lambda: [connection.execute(ONE_CASE.format(case)).fetchall() for case in about["asked"]],
            lambda answers: ids([row for rows in answers for row in rows]),
        ),
        "add and ask": (adder(connection, about["n"]), ids),
    }


def adder(connection, n):
    """Adds one cluster more at each call, durably, and asks what is recommended for it."""
    state = [n]

    def add():
        state[0] += 1
        connection.execute(f"INSERT INTO clusters VALUES ({state[0]}, {', '.join(map(repr, ADDED))})")
        return connection.execute(ONE_CASE.format(state[0])).fetchall()

    return add


def ids(rows):
    return [len(rows), sum(row[0] for row in rows)]


def pairs(rows):
    return [len(rows), sum(first * second for first, second in rows)]


def weighed(counts):
    return [sum(counts), sum(place * count for place, count in enumerate(counts, 1))]

"""DuckDB: its shell loads and answers cold, its module answers warm; both come from PyPI into an environment of
their own."""
import json
import subprocess
import sys
from pathlib import Path

import sql
from serve import serve

TITLE = "DuckDB"
# numpy takes an answer of millions of rows without making an object of each.
PACKAGES = ["duckdb", "duckdb-cli", "numpy"]
COLUMNS = {"cites": "source_a AS a, source_b AS b", "supplier": "buyer AS a, supplier AS b"}


def missing(folder):
    """Makes the environment if it is not there; what a person must do if that fails."""
    if (folder / "venv/bin/duckdb").exists():
        return None
    try:
        subprocess.run([sys.executable, "-m", "venv", folder / "venv"], check=True)
        subprocess.run([folder / "venv/bin/pip", "install", "-q", *PACKAGES], check=True)
    except (OSError, subprocess.CalledProcessError):
        return f"install {', '.join(PACKAGES)} from PyPI into {folder / 'venv'}"
    return None


def version(folder):
    ask = lambda *command: subprocess.run(command, capture_output=True, text=True).stdout.split()[0]
    module = ask(folder / "venv/bin/python", "-c", "import duckdb; print(duckdb.__version__)")
    return f"{module}, its shell {ask(folder / 'venv/bin/duckdb', '--version').lstrip('v')}"


def load(folder, data, store):
    """The command that makes a store of the files, and its input."""
    script = "".join(
        f"CREATE TABLE {table} AS SELECT {COLUMNS.get(table, '*')} FROM read_csv('{data}/{table}.csv');\n"
        for table in sql.TABLES
    )
    script += f"ALTER TABLE clusters ADD PRIMARY KEY (id);\n{sql.VIEWS}CHECKPOINT;\n"
    return [folder / "venv/bin/duckdb", store / "kb.duckdb"], script


def cold(folder, store):
    """The command that asks one question in a process of its own."""
    return [folder / "venv/bin/duckdb", "-readonly", "-csv", "-noheader", store / "kb.duckdb", sql.IDS]


def worker(folder, data, store):
    """The command that answers many questions in one process."""
    return [folder / "venv/bin/python", __file__, data, store / "kb.duckdb"]


def main(data, database):
    import duckdb

    about = json.loads((Path(data) / "facts.json").read_text())
    connection = duckdb.connect(database)
    workloads = sql.workloads(connection, about)
    listed = "SELECT cluster, intervention FROM recommended"
    workloads["rules listed"] = (lambda: connection.execute(listed).fetchnumpy(), numpy_pairs)
    serve(workloads)


def numpy_pairs(columns):
    clusters, interventions = (columns[name].astype("int64") for name in ("cluster", "intervention"))
    return [len(clusters), int((clusters * interventions).sum())]


if __name__ == "__main__":
    main(*sys.argv[1:])

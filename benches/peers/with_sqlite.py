"""SQLite: its shell loads and answers cold, the module of Python's standard library answers warm."""
import json
import shutil
import sqlite3
import sys
from pathlib import Path

import sql
from serve import serve

TITLE = "SQLite"
INDEXES = """
CREATE INDEX tailored ON clusters(industry, social_capital, country, export_share);
CREATE INDEX by_skill ON clusters(human_capital);
CREATE INDEX by_target ON interventions(industry, target);
CREATE INDEX by_case ON evidence(cluster);
"""


def missing(folder):
    """What a person must do before this engine can run."""
    return None if shutil.which("sqlite3") else "install Debian's sqlite3"


def version(folder):
    return sqlite3.sqlite_version


def load(folder, data, store):
    """The command that makes a store of the files, and its input."""
    tables = "".join(f"CREATE TABLE {table} ({columns}){rowid(columns)};\n" for table, columns in sql.TABLES.items())
    imports = "".join(f".import --skip 1 {data}/{table}.csv {table}\n" for table in sql.TABLES)
    script = (
        f"PRAGMA journal_mode = WAL;\nPRAGMA synchronous = FULL;\n{tables}.mode csv\nBEGIN;\n{imports}COMMIT;\n"
        f"{INDEXES}{sql.VIEWS}ANALYZE;\nPRAGMA wal_checkpoint(TRUNCATE);\n"
    )
    return ["sqlite3", store / "kb.sqlite"], script


def rowid(columns):
    return " WITHOUT ROWID" if "KEY (a, b)" in columns else ""


def cold(folder, store):
    """The command that asks one question in a process of its own."""
    return ["sqlite3", store / "kb.sqlite", sql.IDS]


def worker(folder, data, store):
    """The command that answers many questions in one process."""
    return [sys.executable, __file__, data, store / "kb.sqlite"]


def main(data, database):
    about = json.loads((Path(data) / "facts.json").read_text())
    # No cache of statements: a question is text each time, as for everybody else.
    connection = sqlite3.connect(database, isolation_level=None, cached_statements=0)
    for pragma in ("cache_size = -2000000", "mmap_size = 4000000000", "synchronous = FULL"):
        connection.execute(f"PRAGMA {pragma}")
    workloads = sql.workloads(connection, about)
    listed = "SELECT cluster, intervention FROM recommended"
    workloads["rules listed"] = (lambda: connection.execute(listed).fetchall(), sql.pairs)
    serve(workloads)


if __name__ == "__main__":
    main(*sys.argv[1:])

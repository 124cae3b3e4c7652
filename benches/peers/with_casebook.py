"""Casebook: its program loads and answers cold, `worker.rs` links the crate and answers warm."""
import subprocess
from pathlib import Path

TITLE = "Casebook"
HERE = Path(__file__).resolve().parent
BUILT = HERE.parents[1] / "target/release"
# So many seconds one question may take before it is refused.
PATIENCE = 120
IDS = "clusters where industry = CoPS and social_capital = weak and country = DE and export_share >= 50 show name"


def missing(folder):
    """Builds program and worker; what a person must do if that fails."""
    command = ["cargo", "build", "--release", "--locked", "--bin", "casebook", "--example", "peers-worker"]
    built = subprocess.run(command, cwd=HERE.parents[1])
    return "mend what cargo complains of" if built.returncode else None


def version(folder):
    asked = subprocess.run([BUILT / "casebook", "--version"], capture_output=True, text=True)
    return asked.stdout.split()[-1]


def load(folder, data, store):
    """The command that makes a store of the files, and its input."""
    return [BUILT / "casebook", "--db", store / "kb", "--empty", "--file", HERE / "model.casebook"], ""


def cold(folder, store):
    """The command that asks one question in a process of its own."""
    return [BUILT / "casebook", "--db", store / "kb", "--format", "tsv", "--no-header", IDS]


def worker(folder, data, store):
    """The command that answers many questions in one process."""
    return [BUILT / "examples/peers-worker", data, store / "kb", str(PATIENCE)]


def bare_load(data):
    """The command that does no more than parse the files."""
    return [BUILT / "examples/peers-worker", data]

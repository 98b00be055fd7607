"""``make bench``: run every benchmark, print the ratios, write ``build/bench.json``; exit 1 where a limit is broken.

Arguments name benchmarks (``exporting``, ``importing``, ``saving``, ``screen``, ``start``, ``statistics``, ``view``);
none means all of these. ``planted`` runs only where it is named.
"""

import importlib
import json
import platform
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ALL = ("start", "saving", "view", "screen", "importing", "exporting", "statistics")


def main(names: list[str]) -> int:
    """Run the named benchmarks, each in a process of its own, so that none warms up another."""
    out = ROOT / "build" / "bench.json"
    out.parent.mkdir(exist_ok=True)
    results: dict[str, dict[str, object]] = {}
    for name in names or ALL:
        done = subprocess.run(
            [sys.executable, "-m", "tests.benchmarks", "--one", name], cwd=ROOT, stdout=subprocess.PIPE, check=True
        )
        results.update(json.loads(done.stdout.splitlines()[-1]))
    for name, row in results.items():
        print(
            f"{'ok  ' if row['holds'] else 'OVER'}  {row['value']:8.3f}  of at most {row['limit']:<6g}  {name}  {row['note']}"
        )
    whole = {"python": platform.python_version(), "machine": platform.machine(), "results": results}
    out.write_text(json.dumps(whole, indent=1) + "\n", encoding="utf-8")
    print(f"Written to {out.relative_to(ROOT)}.")
    return 0 if all(row["holds"] for row in results.values()) else 1


def one(name: str) -> int:
    """Run one benchmark and print its results as the last line."""
    found = importlib.import_module(f"tests.benchmarks.bench_{name}").run()
    print(
        json.dumps(
            {key: {"value": m.value, "limit": m.limit, "holds": m.holds, "note": m.note} for key, m in found.items()}
        )
    )
    return 0


if __name__ == "__main__":
    sys.exit(one(sys.argv[2]) if sys.argv[1:2] == ["--one"] else main(sys.argv[1:]))

"""Run every benchmark: ``python -m benchmarks [NAME ...]``."""

from __future__ import annotations

import os
import sys

# One thread, so that ratios travel; set before NumPy is loaded.
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

from importlib import import_module  # noqa: E402
from pathlib import Path  # noqa: E402


def main() -> None:
    """Run the benchmarks named, or all."""
    known = sorted(path.stem for path in Path(__file__).parent.glob("bench_*.py"))
    wanted = [f"bench_{name.removeprefix('bench_')}" for name in sys.argv[1:]] or known
    for name in wanted:
        if name not in known:
            sys.exit(f"no such benchmark: {name} (known: {', '.join(known)})")
        print(f"\n== {name.removeprefix('bench_')} ==", flush=True)
        import_module(f"benchmarks.{name}").main()


if __name__ == "__main__":
    main()

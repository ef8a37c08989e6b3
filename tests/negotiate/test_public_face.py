"""The public face: complete, sorted, lazy."""

import importlib
import subprocess
import sys
from pathlib import Path

import pytest

import negotiate

ROOT = Path(negotiate.__file__).parent.parent


def test_all_is_sorted_and_every_name_loads() -> None:
    assert negotiate.__all__ == sorted(negotiate.__all__)
    assert set(negotiate.__all__) == set(negotiate._HOME)
    for name in negotiate.__all__:
        assert getattr(negotiate, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = negotiate.nothing


def modules(package: str) -> list[str]:
    return [
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in sorted((ROOT / package).rglob("*.py"))
        if path.stem not in ("__init__", "__main__")
    ]


@pytest.mark.parametrize("name", [*modules("negotiate"), *modules("games")])
def test_every_module_lists_what_it_offers(name) -> None:
    module = importlib.import_module(name)
    assert len(set(module.__all__)) == len(module.__all__), name
    for public in module.__all__:
        assert hasattr(module, public), (name, public)


@pytest.mark.parametrize("heavy", ["pandas", "sympy", "scipy", "plotly", "pulp", "numba"])
def test_importing_negotiate_loads_nothing_heavy(heavy) -> None:
    code = f"import negotiate, negotiate.cli, sys; sys.exit({heavy!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_no_word_of_treaties_in_games() -> None:
    for path in (ROOT / "games").rglob("*.py"):
        words = path.read_text(encoding="utf-8").lower().replace("_", " ").split()
        plain = {word.strip(".,;:()\"'`") for word in words}
        found = {"party", "parties", "clause", "clauses", "treaty", "treaties"} & plain
        assert not found, (path.name, found)


def test_files_stay_small() -> None:
    for package in ("negotiate", "games", "app"):
        for path in (ROOT / package).rglob("*.py"):
            assert len(path.read_text(encoding="utf-8").splitlines()) <= 400, path

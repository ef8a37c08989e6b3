"""The documentation says what the code does."""

import re
import runpy
from pathlib import Path

import pytest

from negotiate import analyze, parse_treaty

ROOT = Path(__file__).parent.parent


def test_reference_pages_are_in_step() -> None:
    pages = runpy.run_path(str(ROOT / "docs" / "make_reference.py"))["pages"]()
    for name, text in pages.items():
        committed = (ROOT / "docs" / "reference" / name).read_text(encoding="utf-8")
        assert committed == text, f"run `make docs`: {name} is out of step"


@pytest.mark.parametrize(
    "page", ["README.md", "docs/tutorial.md", "docs/reference/treaty-file.md"]
)
def test_treaties_in_the_pages_are_read(page) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    treaties = [t for t in re.findall(r"```yaml\n(.*?)```", text, re.S) if "title:" in t]
    assert treaties
    for treaty in treaties:
        analyze(parse_treaty(treaty))


def test_readme_shows_what_is_printed() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    [treaty] = re.findall(r"```yaml\n(.*?)```", text, re.S)
    shown = re.findall(r"```console\n\$ negotiate analyze.*?\n(.*?)\.\.\.", text, re.S)[0]
    said = analyze(parse_treaty(treaty)).deterrence.sentences
    assert shown.splitlines() == list(said)


def test_links_lead_somewhere() -> None:
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    for page in pages:
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"

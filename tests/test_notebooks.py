"""The notebooks run from top to bottom, and each pair says the same."""

from pathlib import Path

import jupytext
import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS = sorted((Path(__file__).parent.parent / "notebooks").glob("*.ipynb"))


SAYS = {
    "01-first-treaty": "Holds",
    "02-sanction-window": "lost an equilibrium in",
    "03-classroom": "The list is complete: True",
}
"""What the output of each notebook must hold."""


def test_there_are_notebooks() -> None:
    assert [path.stem for path in NOTEBOOKS] == list(SAYS)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of the kernel client, not ours
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_runs(path) -> None:
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": path.parent}}).execute()
    texts = [
        output.text
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if "text" in output
    ]
    assert SAYS[path.stem] in "".join(texts)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_pair_is_in_step_and_without_outputs(path) -> None:
    notebook = nbformat.read(path, as_version=4)
    script = jupytext.read(path.with_suffix(".py"))
    assert [(c.cell_type, c.source) for c in notebook.cells] == [
        (c.cell_type, c.source) for c in script.cells
    ]
    assert not any(cell.get("outputs") for cell in notebook.cells)

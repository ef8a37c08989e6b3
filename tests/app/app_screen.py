"""The screen, driven without a browser."""

import re
from pathlib import Path

from streamlit.testing.v1 import AppTest

MAIN = Path(__file__).resolve().parents[2] / "app" / "main.py"
DETECTION, FALSE_ALARM = "clauses.evidence.detection", "clauses.evidence.false_alarm"
CHINA = "clauses.penalty.schedule.China"

BAD = """\
title: Two states
parties: {Arland: {}, Borland: {}}
stakes: {gain: lots}
clauses:
  - {kind: penalti, sanction: 12}
  - {kind: evidence, detection: 2}
"""


MATRIX = """\
title: Stag hunt
parties: {Arland: {}, Borland: {}}
conduct: {stag: {complies: norm}, hare: {violates: norm}}
payoffs:
  tables:
    Arland: [[4, 0], [3, 3]]
    Borland: [[4, 3], [0, 3]]
"""


def screen(**query: str | list[str]) -> AppTest:
    page = AppTest.from_file(str(MAIN), default_timeout=60)
    for name, value in query.items():
        page.query_params[name] = value
    return shown(page)


def shown(page: AppTest) -> AppTest:
    page.run()
    assert not page.exception, page.exception
    return page


def opened(text: str, name: str = "own.yaml") -> AppTest:
    page = screen()
    page.file_uploader(key="upload").set_value((name, text.encode(), "application/yaml"))
    return shown(page)


def unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


def verdict(page: AppTest) -> str:
    found = [unescaped(box.value) for box in (*page.success, *page.error)]
    [sentence] = [text for text in found if text.startswith(("Holds", "Does not hold"))]
    return sentence


def lever(page: AppTest, path: str, end: str = "slider"):
    kinds = {"slider": page.slider, "exact": page.number_input}
    [found] = [widget for widget in kinds[end] if f"lever:{path}:{end}:" in widget.key]
    return found


def move(page: AppTest, path: str, value: float, end: str = "slider") -> AppTest:
    lever(page, path, end).set_value(value)
    return shown(page)


def choose(page: AppTest, treaty: str) -> AppTest:
    next(box for box in page.selectbox if box.label == "Treaty").set_value(treaty)
    return shown(page)


def press(page: AppTest, label: str) -> AppTest:
    [button] = [button for button in page.button if button.label == label]
    button.click()
    return shown(page)


def is_off(page: AppTest, label: str) -> bool:
    return next(button.disabled for button in page.button if button.label == label)


def copied(page: AppTest, tab: str) -> str:
    """What stands in a tab of "Take it with you"."""
    page.session_state["copy"] = tab
    shown(page)
    [holder] = [found for found in page.tabs if found.label == tab]
    return holder.code[0].value


def words(page: AppTest) -> str:
    kinds = (page.markdown, page.caption, page.title, page.warning, page.error, page.info)
    return "\n".join(unescaped(item.value) for kind in kinds for item in kind)

"""The screen in a real browser: what only a browser can show."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest

from negotiate import analyze, read_treaty

pytestmark = pytest.mark.browser

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
TREATY = "us-china-2015"
CHINA, DETECTION = "clauses.penalty.schedule.China", "clauses.evidence.detection"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
WAIT = 60_000  # ms


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """``negotiate app``, as a user starts it."""
    folder = tmp_path_factory.mktemp("app")
    port = free_port()
    environment = {**os.environ, "STREAMLIT_SERVER_HEADLESS": "true", "HOME": str(folder)}
    command = [sys.executable, "-m", "negotiate", "app", TREATY, "--port", str(port)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=log, stderr=log, start_new_session=True
        )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            if process.poll() is not None:
                break
            try:
                with urlopen(f"{address}/_stcore/health", timeout=5):
                    break
            except OSError:
                time.sleep(0.1)
        else:
            pytest.fail(f"no answer at {address}: {(folder / 'log').read_text()}")
        assert process.poll() is None, (folder / "log").read_text()
        yield address, process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(timeout=20)


@pytest.fixture(scope="module")
def browser():
    where = next(filter(None, map(shutil.which, BROWSERS)), None)
    if where is None:
        pytest.skip(f"no browser is installed (looked for {', '.join(BROWSERS)})")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=where, args=SWITCHES)


@pytest.fixture
def page(browser, server):
    """A page on the screen; at its end every request must have stayed on this machine."""
    address, _ = server
    context = browser.new_context(
        viewport={"width": 1400, "height": 1000}, color_scheme="light", reduced_motion="reduce"
    )
    page = context.new_page()
    requests, errors = [], []
    page.on("request", lambda request: requests.append(request.url))
    page.on("websocket", lambda socket: requests.append(socket.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.set_default_timeout(WAIT)
    page.goto(address)
    page.get_by_text("Take it with you").wait_for()
    idle(page)
    yield page
    context.close()
    hosts = {urlsplit(url).hostname for url in requests if not url.startswith(("data:", "blob:"))}
    assert hosts == {"127.0.0.1"}
    assert any(url.startswith("ws://") for url in requests)
    assert errors == []


def idle(page) -> None:
    page.wait_for_function(
        "() => document.querySelector('[data-testid=stApp]')"
        ".dataset.testScriptState === 'notRunning'"
    )


def verdict(page) -> str:
    box = page.get_by_test_id("stMain").get_by_test_id("stAlert").first
    return box.get_by_test_id("stMarkdownContainer").inner_text()


def sentence(changes: dict[str, float]) -> str:
    return analyze(read_treaty(TREATY, changes)).deterrence.sentences[0]


def canvas(page):
    return page.locator("canvas[role=application]")


def readout(page) -> str:
    return page.locator(".phase .readout").inner_text()


def entry(page, path) -> float:
    """What stands in the exact entry of a lever."""
    label = {CHINA: "China: sanction, exactly", DETECTION: "detection, exactly"}[path]
    return float(page.get_by_label(label, exact=True).input_value())


def changes_of(page) -> dict[str, float]:
    found = re.findall(r"set=([^&=]+)=([^&]+)", page.evaluate("decodeURIComponent(location.href)"))
    return {path.replace("+", " "): float(value) for path, value in found}


def wait_for_verdict(page, holds: bool) -> None:
    word = "Holds:" if holds else "Does not hold:"
    page.get_by_test_id("stMain").get_by_test_id("stAlert").first.get_by_text(word).wait_for()
    idle(page)


def grab(page) -> tuple[float, float]:
    """Where the point of the map is on the screen, from the paddings of the canvas."""
    canvas(page).scroll_into_view_if_needed()
    box = canvas(page).bounding_box()
    left, right, top, bottom = 56, 12, 10, 44
    x = box["x"] + left + 12 / 50 * (box["width"] - left - right)
    y = box["y"] + top + (1 - 0.6) * (box["height"] - top - bottom)
    return x, y


def test_the_page_shows_the_verdict(page) -> None:
    assert verdict(page) == sentence({})
    assert page.get_by_role("heading", level=1).inner_text() == read_treaty(TREATY).title
    assert readout(page).startswith("China: sanction 12, detection 0.6: holds, 1.2 to spare")


def test_a_drag_answers_before_release_and_python_confirms_it(page) -> None:
    x, y = grab(page)
    page.mouse.move(x, y)
    page.mouse.down()
    seen = []
    for step in range(1, 6):
        page.mouse.move(x, y + 16 * step)
        seen.append(readout(page))
    assert len(set(seen)) == 5
    assert "does not hold" in seen[-1]
    assert canvas(page).get_attribute("data-verdict") == "fails"
    assert verdict(page) == sentence({})  # Python was not asked yet
    page.mouse.up()
    wait_for_verdict(page, holds=False)
    changes = changes_of(page)
    assert set(changes) == {CHINA, DETECTION}
    assert changes[CHINA] == pytest.approx(12, abs=0.2)
    assert verdict(page) == sentence(changes)
    assert entry(page, DETECTION) == pytest.approx(changes[DETECTION])
    slider = page.locator('input[type=range][aria-label="detection"]')
    assert float(slider.input_value()) == pytest.approx(changes[DETECTION])
    page.get_by_role("button", name="Undo").click()
    wait_for_verdict(page, holds=True)
    assert entry(page, DETECTION) == 0.6
    assert float(slider.input_value()) == 0.6
    assert readout(page).startswith("China: sanction 12, detection 0.6: holds")


def test_arrow_keys_move_the_point(page) -> None:
    canvas(page).focus()
    before = readout(page)
    for _ in range(20):
        page.keyboard.press("ArrowDown")
    assert readout(page) != before
    assert "detection 0.4:" in readout(page)
    wait_for_verdict(page, holds=False)
    assert verdict(page) == sentence({CHINA: 12.0, DETECTION: 0.4})
    assert entry(page, DETECTION) == 0.4
    assert page.evaluate("document.activeElement.shadowRoot?.activeElement.tagName") == "CANVAS"


def test_a_slider_is_moved_by_keys_and_keeps_the_focus(page) -> None:
    slider = page.locator('input[type=range][aria-label="detection"]')
    slider.focus()
    page.keyboard.press("Home")
    page.get_by_text("Not changed.").wait_for()  # no detection below the false alarm
    idle(page)
    assert float(slider.input_value()) == 0.6
    assert verdict(page) == sentence({})
    for _ in range(24):
        page.keyboard.press("ArrowLeft")
    wait_for_verdict(page, holds=False)
    page.wait_for_function("() => location.href.includes('0.48')")
    idle(page)
    assert verdict(page) == sentence({DETECTION: 0.48})
    assert slider.evaluate("node => node === document.activeElement")


def test_back_in_the_browser_undoes(page) -> None:
    field = page.get_by_label("detection, exactly", exact=True)
    field.fill("0.45")
    field.press("Enter")
    wait_for_verdict(page, holds=False)
    page.go_back()
    wait_for_verdict(page, holds=True)
    assert entry(page, DETECTION) == 0.6
    assert changes_of(page) == {}


def test_a_treaty_is_uploaded(page, tmp_path) -> None:
    bad, good = tmp_path / "bad.yaml", tmp_path / "good.yaml"
    bad.write_text("title: Bad\nparties: {A: {}}\nstakes: {gain: much}\n")
    good.write_text("title: Good\nparties: {A: {}, B: {}}\nstakes: {gain: 1, cost: 1}\n")
    chooser = page.locator("input[type=file]")
    chooser.set_input_files(bad)
    page.get_by_text("nothing was opened").wait_for()
    told = page.get_by_test_id("stSidebar").get_by_test_id("stAlert").inner_text()
    assert "bad.yaml:2:" in told
    assert "bad.yaml:3:" in told
    assert page.get_by_role("heading", level=1).inner_text() == read_treaty(TREATY).title
    chooser.set_input_files(good)
    page.get_by_role("heading", level=1, name="Good").wait_for()
    idle(page)
    assert verdict(page) == analyze(read_treaty(good)).deterrence.sentences[0]


def test_no_barrier_that_axe_finds(page) -> None:
    """WCAG 2.2 A and AA by axe-core, in light and dark, with everything unfolded."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    field = page.get_by_label("detection, exactly", exact=True)
    page.get_by_role("button", name="Pin as baseline").click()
    field.fill("0.5")
    field.press("Enter")
    wait_for_verdict(page, holds=False)
    page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true; })")
    # All of the page in sight: contrast is judged only for what is.
    page.set_viewport_size({"width": 1400, "height": 5000})
    grounds = set()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.wait_for_timeout(1000)
        ground = "getComputedStyle(document.querySelector('.stApp')).backgroundColor"
        grounds.add(page.evaluate(ground))
        found = axe.run(page, options={"runOnly": WCAG})
        assert found.violations_count == 0, f"{scheme}: {found.generate_report()}"
    assert len(grounds) == 2


def test_only_this_machine_is_listened_to(server) -> None:
    """Every listening socket of the server's processes is at a loopback address."""
    address, process = server
    inodes = set()
    for number in processes_of(process.pid):
        for link in Path(f"/proc/{number}/fd").iterdir():
            target = str(link.readlink()) if link.is_symlink() else ""
            if match := re.fullmatch(r"socket:\[(\d+)\]", target):
                inodes.add(match[1])
    listening = []
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            words = line.split()
            if words[3] == "0A" and words[9] in inodes:
                listening.append((table, *words[1].split(":")))
    assert [(table, host) for table, host, _ in listening] == [("tcp", "0100007F")]
    assert int(listening[0][2], 16) == urlsplit(address).port


def processes_of(session: int) -> list[int]:
    """Processes of a session, by its leader."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it ended meanwhile
        if int(fields[3]) == session:
            found.append(int(stat.parent.name))
    return found


def test_another_name_of_this_host_is_not_answered(server) -> None:
    """A name of another site that points here (DNS rebinding) gets no connection."""
    address, _ = server
    port = urlsplit(address).port
    with socket.create_connection(("127.0.0.1", port), timeout=10) as wire:
        wire.sendall(
            b"GET /_stcore/stream HTTP/1.1\r\nHost: evil.example\r\n"
            b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        )
        assert b" 403 " in wire.recv(1024).splitlines()[0]

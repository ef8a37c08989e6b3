"""``negotiate app``: the screen, on this machine only."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from negotiate.commands.output import print_lines
from negotiate.errors import NegotiateError

__all__ = ["TREATY_VARIABLE", "app", "server_options"]

TREATY_VARIABLE = "NEGOTIATE_TREATY"
"""Environment variable that tells the screen which treaty to open."""

LOOPBACK = "127.0.0.1"


def app(
    file: Annotated[
        str, typer.Argument(metavar="[FILE]", help="Treaty file or shipped scenario to open.")
    ] = "",
    port: Annotated[
        int, typer.Option(min=1, max=65535, help="Port; the next free one if it is taken.")
    ] = 8501,
) -> None:
    """Open the screen in the browser, at a loopback address; nothing leaves this machine."""
    from importlib.util import find_spec

    if file:
        from negotiate.reading import read_treaty

        read_treaty(file)  # mistakes are told here, not on the screen
    spec = find_spec("app")
    if spec is None or not spec.submodule_search_locations:
        raise NegotiateError("app: the screen is not installed; install the whole project")
    main = Path(next(iter(spec.submodule_search_locations))) / "main.py"
    free = _free_port(port)
    environment = {**os.environ}
    if file:
        path = Path(file)
        environment[TREATY_VARIABLE] = str(path.resolve()) if path.exists() else file
    print_lines([f"negotiate app at http://{LOOPBACK}:{free} (stop with Ctrl-C)"])
    sys.stdout.flush()
    command = [sys.executable, "-m", "streamlit", "run", str(main), *server_options(free)]
    # Who ends this command ends the server with it: leaving the call below kills its process.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        raise typer.Exit(subprocess.call(command, env=environment))
    except KeyboardInterrupt:
        raise typer.Exit(0) from None


def server_options(port: int) -> list[str]:
    """Options that keep the server to this machine: loopback, no telemetry, small uploads.

    The colours are such that small grey words, too, can be read in light and dark.
    """
    options = {
        "server.address": LOOPBACK,
        "server.allowedHosts": (LOOPBACK, "localhost"),
        "server.port": port,
        "server.maxUploadSize": 1,
        "server.fileWatcherType": "none",
        "server.showEmailPrompt": "false",
        "browser.serverAddress": LOOPBACK,
        "browser.gatherUsageStats": "false",
        "client.toolbarMode": "minimal",
        "theme.headingFontSizes": '["2.25rem", "1.6rem", "1.3rem"]',
        "theme.light.textColor": "#111111",
        "theme.light.primaryColor": "#0b5cad",
        "theme.dark.primaryColor": "#6cb6ff",
    }
    return [
        f"--{name}={value}"
        for name, values in options.items()
        for value in (values if isinstance(values, tuple) else (values,))
    ]


def _free_port(wanted: int) -> int:
    for port in range(wanted, min(wanted + 50, 65536)):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((LOOPBACK, port))
            except OSError:
                continue
            return port
    raise NegotiateError(f"app: no free port from {wanted} on; name another with --port")

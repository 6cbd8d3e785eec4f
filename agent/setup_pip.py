"""Installing Python packages for `make setup`: pip's output as a few lines, its failures as one sentence.

As in setup_machine.py, nothing here may be newer than Python 3.8 understands.
"""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
import time
from collections import deque
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

MEMORY_PER_COMPILER = 1_000_000_000
"""Bytes one compiler process may want for the largest source files."""
REDRAW_EVERY = 0.2
"""Seconds."""
LINES_SHOWN = 15
"""Of pip's output, when it fails."""

NETWORK = (
    r"NewConnectionError|NameResolutionError|name resolution|Name or service not known|Network is unreachable"
    r"|ConnectTimeout|ReadTimeout|ProxyError|Connection refused|Connection broken"
)
COMPILER = r"No CMAKE_C(XX)?_COMPILER could be found|is not able to compile|CMAKE_C(XX)?_COMPILER not set"
ADVICE = (
    (r"No space left on device", "A disk is full (TMPDIR can move the 1 GB that building needs to another one)"),
    (
        r"Killed signal|\bKilled\b|[Cc]annot allocate memory|virtual memory exhausted",
        "The memory was not enough; close other programs, or run CMAKE_BUILD_PARALLEL_LEVEL=1 make setup",
    ),
    (COMPILER, "The C++ compiler does not work; install one with sudo apt-get install g++"),
    (NETWORK, "The package index cannot be reached; setting up needs the network (using Nearfield does not)"),
)


class SetupError(Exception):
    """The setup cannot go on; one sentence says what to do."""


class Pip:
    """The pip of one .venv. What it says goes to setup.log there; what a person wants to know goes to stdout."""

    def __init__(self, venv: Path, constraints: Path) -> None:
        self._python = venv / "bin" / "python"
        self._constraints = constraints
        self._log = venv / "setup.log"

    def build_engine(self) -> None:
        """llama-cpp-python comes as source: unless pip has built it before, compiling it is the longest part."""
        print("Language engine …", flush=True)
        meter = Meter("Compiling", sys.stdout)

        def show(line: str) -> None:
            if re.match(r"\s*Building wheel for llama.*: started", line):
                print("It is compiled for this machine, once; 4 to 5 minutes on two cores …", flush=True)
            meter.move(compiled(line))

        try:
            self._install(["-v", "llama-cpp-python"], show)
        finally:
            meter.close()

    def install_project(self, root: Path) -> None:
        """Every other package, those for developing included, and Nearfield itself as the files of this checkout."""
        print("Python packages …", flush=True)
        meter, names = Meter("Finding", sys.stdout), set()
        total = len(pinned(self._constraints.read_text(encoding="utf-8")))

        def show(line: str) -> None:
            name = mentioned(line)
            if name:
                names.add(name)
                meter.move(min(1, len(names) / total))
            elif line.startswith("Installing collected packages:"):
                meter.close()
                print(f"Installing {line.count(',') + 1} packages …", flush=True)

        try:
            self._install(["-e", f"{root}[dev]"], show)
        finally:
            meter.close()

    def _install(self, what: Sequence[str], show: Callable[[str], None]) -> None:
        """Every line pip writes goes to the log and to `show`. Raises SetupError with the last of them."""
        last: deque[str] = deque(maxlen=400)
        command = [str(self._python), "-m", "pip", "install", "-c", str(self._constraints), *what]
        # A session of its own: an interruption comes to us first, and we end the compilers wherever it came from.
        child = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            env=clean_environment(),
            start_new_session=True,
        )
        with self._log.open("a", encoding="utf-8", buffering=1) as log, child:
            assert child.stdout is not None
            try:
                for line in child.stdout:
                    log.write(line)
                    last.append(line.rstrip())
                    show(line)
            except KeyboardInterrupt:
                stop(child)
                raise
        if child.returncode:
            hint = f"{advice(last)}; all of pip's output is in {self._log}; run `make setup` again to go on."
            raise SetupError("\n".join([*list(last)[-LINES_SHOWN:], hint]))


def stop(child: subprocess.Popen[str]) -> None:
    """End the child, which gets five seconds to tidy up, and everything it has started."""
    os.killpg(child.pid, signal.SIGINT)
    with contextlib.suppress(subprocess.TimeoutExpired):
        child.wait(5)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)


def clean_environment() -> dict[str, str]:
    """This environment without what would lead pip away from .venv, and with no more compilers than memory allows."""
    astray = {"PYTHONHOME", "PYTHONPATH", "PIP_USER", "PIP_TARGET", "PIP_PREFIX", "VIRTUAL_ENV"}
    kept = {name: value for name, value in os.environ.items() if name not in astray}
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    if memory < ((os.cpu_count() or 1) + 2) * MEMORY_PER_COMPILER:
        kept.setdefault("CMAKE_BUILD_PARALLEL_LEVEL", str(max(1, memory // MEMORY_PER_COMPILER)))
    return {**kept, "PYTHONUNBUFFERED": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1"}


def compiled(line: str) -> float | None:
    """The share (0 to 1) of the compilation that is done, if this line of the build's output tells it."""
    steps = re.match(r"\s*\[(\d+)/(\d+)\]", line)
    if steps and int(steps[2]):
        return int(steps[1]) / int(steps[2])
    percent = re.match(r"\s*\[\s*(\d+)%\]", line)
    return int(percent[1]) / 100 if percent else None


def pinned(constraints: str) -> list[str]:
    """The names a constraints file pins."""
    return re.findall(r"^([A-Za-z0-9._-]+)==", constraints, re.MULTILINE)


def mentioned(line: str) -> str | None:
    """The package pip has just found, if this line of its output names one."""
    found = re.match(r"(?:Collecting|Requirement already satisfied:) ([A-Za-z0-9._-]+)", line)
    found = found or re.match(r"Processing \S*/([A-Za-z0-9._]+)-\d\S*\.whl", line)
    return re.sub(r"[-_.]+", "-", found[1]).lower() if found else None


def advice(output: Sequence[str]) -> str:
    """What to do after pip failed with this output."""
    text = "\n".join(output)
    return next((sentence for pattern, sentence in ADVICE if re.search(pattern, text)), "Setting up failed")


class Meter:
    """How far a step is: one line that changes on a terminal, a line at every tenth elsewhere."""

    def __init__(self, what: str, stream: TextIO) -> None:
        self._what, self._stream, self._live = what, stream, stream.isatty()
        self._since = time.monotonic()
        self._shown = 0.0
        self._tenth = 0
        self._open = False

    def move(self, share: float | None) -> None:
        """The step is at `share`, 0 to 1; None when nothing new is known."""
        if share is None:
            return
        now = time.monotonic()
        if self._live:
            if now - self._shown >= REDRAW_EVERY or share >= 1:
                self._shown, self._open = now, True
                self._write(f"\r{self._line(share, now)}\x1b[K")
        elif int(10 * share) > self._tenth:
            self._tenth = int(10 * share)
            self._write(self._line(share, now) + "\n")

    def close(self) -> None:
        """End the line that is being redrawn."""
        if self._open:
            self._write("\n")
            self._open = False

    def _line(self, share: float, now: float) -> str:
        minutes, seconds = divmod(int(now - self._since), 60)
        return f"{self._what} {int(100 * share):3d} %  {minutes}:{seconds:02d}"

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()

"""A user at a shell: the command in a process of its own, in a home of its own, with stand-in engines."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "agent" / "nearfield" / "demo"
CALENDAR, DENTIST, YES, MILK, NO = sorted(DEMO.glob("[1-5]-*.flac"))
PATIENCE = 60
"""Seconds after which a command counts as hanging."""


def environment(**more):
    """This process's, but for what would lead a command elsewhere."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("NEARFIELD_", "PYTHONIOENCODING"))}
    return kept | {"PYTHONPATH": f"{ROOT / 'agent'}{os.pathsep}{ROOT / 'tools'}", **more}


def command(*arguments):
    return [sys.executable, "-m", "nearfield", *map(str, arguments)]


class Shell:
    """Runs commands for one user, in a home of its own, with stand-in engines unless told otherwise."""

    def __init__(self, folder):
        self.folder, self.home = folder, folder / "home"

    def __call__(self, *arguments, profile="fake", **env):
        dial = ["--profile", profile] if profile else []
        return subprocess.run(
            command(*arguments, "--home", self.home, *dial), cwd=self.folder, env=environment(**env),
            capture_output=True, text=True, timeout=PATIENCE, check=False,
        )  # fmt: skip

    def turns(self, *arguments):
        """The turns that `--json` prints; nothing else may stand on either stream."""
        ran = self(*arguments, "--json")
        assert (ran.returncode, ran.stderr) == (0, "")
        return [json.loads(line) for line in ran.stdout.splitlines()]

    def refused(self, *arguments, **more):
        """The one sentence with which a command refuses; nothing may have been said, printed or changed before it."""
        ran = self(*arguments, **more)
        assert ran.returncode == 2, ran
        assert ran.stdout == ""
        assert not self.owned()
        return sentence(ran.stderr)

    def owned(self):
        """The user's events and files."""
        return sorted(f.name for part in ("calendar", "workspace") for f in (self.home / part).glob("*"))


def sentence(stderr):
    [line] = stderr.strip().splitlines()
    assert line.startswith("nearfield: ")
    assert "Traceback" not in line
    return line.removeprefix("nearfield: ")

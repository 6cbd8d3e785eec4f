"""What `make setup` does: bring this machine to where Nearfield runs, from the system's own Python and nothing else.

In order: system packages, room on the disks, .venv, the compiled language engine, every other package, the weights.
Each step finds out by itself whether there is anything to do, so an interrupted setup goes on where it was, and one
that is complete says nothing. Exit codes: 0, 2 with one sentence on what to do, 130 when interrupted.

Nothing here may be newer than Python 3.8 understands: an old Python has to get as far as reading that it is too old.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes.util
import fcntl
import hashlib
import importlib
import importlib.util
import os
import re
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from setup_pip import Pip, SetupError, clean_environment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
CONSTRAINTS = ROOT / "constraints.txt"
STAMP = VENV / "setup.stamp"

OLDEST = (3, 11)
NEWER = ("python3.13", "python3.12", "python3.11")
"""Where to look when `python3` is too old."""
ROOM_FOR_VENV = 3_000_000_000
"""Bytes: the packages take 1 GB, building the language engine about as much for a while."""
ROOM_FOR_WEIGHTS = 1_000_000_000
FAILED, INTERRUPTED = 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Set this machine up; the exit code."""
    if sys.version_info[:2] < OLDEST:
        return run_with_newer_python()
    parser = argparse.ArgumentParser(prog="setup_machine.py", description="Set up this machine for Nearfield.")
    parser.add_argument("--without-weights", action="store_true", help="leave the weights for later")
    given = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with one_at_a_time():
            set_up(weights=not given.without_weights)
    except SetupError as error:
        print(error, file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        print("\nStopped; `make setup` goes on from here.", file=sys.stderr)
        return INTERRUPTED
    return 0


def set_up(*, weights: bool) -> None:
    """Every step that still has to be done. Raises SetupError."""
    stamp = fingerprint([ROOT / "pyproject.toml", CONSTRAINTS], str(VENV))
    programs = not complete(stamp)
    store = weights_folder()
    if programs:
        find_system_packages()
        check_room({VENV: ROOM_FOR_VENV, **({store: ROOM_FOR_WEIGHTS} if weights else {})})
        make_venv()
        pip = Pip(VENV, CONSTRAINTS)
        pip.build_engine()
        pip.install_project(ROOT)
        STAMP.write_text(stamp, encoding="utf-8")
    if weights:
        pull_weights()
    if programs:
        held = f", {size(store) / 1e6:.0f} MB of weights in {store}" if weights else ""
        print(f"Done: {size(VENV) / 1e6:.0f} MB of programs in {VENV}{held}.", flush=True)


# ---- Python itself


def run_with_newer_python() -> int:
    """Start again with a newer Python if there is one; does not return then."""
    path = newer_python()
    if path:
        os.execv(path, [path, str(Path(__file__).resolve()), *sys.argv[1:]])  # noqa: S606
    print(too_old(sys.version_info), file=sys.stderr)
    return FAILED


def newer_python() -> str | None:
    """A Python on the PATH that is new enough and runs; a version manager's shim may be there and not run."""
    for name in NEWER:
        path = shutil.which(name)
        if path and python_runs(path):
            return path
    return None


def python_runs(path: str | Path, needed: str = "") -> bool:
    """Whether this Python starts, is new enough, and knows the module `needed`."""
    known = f"importlib.util.find_spec({needed or 'sys'!r})"
    check = f"import importlib.util, sys; sys.exit(sys.version_info < {OLDEST} or not {known})"
    try:
        return subprocess.run([path, "-c", check], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def too_old(version: Sequence[int | str]) -> str:
    return (
        f"Nearfield needs Python 3.11 or newer and this one is {version[0]}.{version[1]}; "
        "install a newer python3 and run `make setup` again."
    )


# ---- what is done already


def fingerprint(files: Iterable[Path], *also: str) -> str:
    """A hash of what the files hold and of `also`."""
    digest = hashlib.sha256()
    for part in (*(file.read_bytes() for file in files), *(text.encode() for text in also)):
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()


def complete(stamp: str) -> bool:
    """Whether a setup came to its end with the same `stamp`, and what it made still works."""
    done = STAMP.is_file() and STAMP.read_text(encoding="utf-8") == stamp
    return done and (VENV / "bin" / "nearfield").exists() and venv_works()


def venv_works() -> bool:
    """Whether .venv is whole and this checkout's own, and its Python runs."""
    try:
        # A checkout that was moved or copied has scripts that start the Python of its old place.
        starter = re.search(r"(/[^\n\"']*)/python", (VENV / "bin" / "pip").read_text(encoding="utf-8"))
        ours = starter is not None and Path(starter[1]).samefile(VENV / "bin")
    except (OSError, UnicodeDecodeError):
        return False
    return ours and python_runs(VENV / "bin" / "python", "pip")


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Two setups of one checkout (`make -j2 check test`) take turns."""
    folder = os.open(ROOT, os.O_RDONLY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Another setup is at work here; waiting for it …", flush=True)
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


# ---- system packages


@dataclass(frozen=True)
class Part:
    """Something the system has to provide."""

    what: str
    package: str
    """Its name on Debian and Ubuntu."""
    here: Callable[[], bool]


COMPILER = Part("a C++ compiler", "g++", lambda: find_compiler() is not None)
VENV_MODULE = Part(
    "Python's venv module", "python{}.{}-venv".format(*sys.version_info), lambda: has_module("ensurepip")
)
PORTAUDIO = Part("PortAudio", "libportaudio2", lambda: ctypes.util.find_library("portaudio") is not None)
FATAL = (COMPILER, VENV_MODULE)


def find_compiler() -> str | None:
    named = os.environ.get("CXX", "").split()[:1]
    return next((path for path in map(shutil.which, (*named, "g++", "c++", "clang++")) if path), None)


def has_module(name: str) -> bool:
    importlib.invalidate_caches()
    return importlib.util.find_spec(name) is not None


def apt_command(
    *, root: bool, sudo_works: Callable[[], bool], which: Callable[[str], str | None] = shutil.which
) -> list[str] | None:
    """How packages can be installed here without asking anyone for a password; None when they cannot."""
    apt = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-o", "DPkg::Lock::Timeout=120"]
    if not which("apt-get"):
        return None
    if root:
        return apt
    return ["sudo", "-n", *apt] if which("sudo") and sudo_works() else None


def sudo_needs_no_password() -> bool:
    return subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0


def install_hint(parts: Sequence[Part], *, apt: bool) -> str:
    """One sentence on what is missing and how to get it."""
    it = "it" if len(parts) == 1 else "them"
    how = f"with: sudo apt-get install {' '.join(p.package for p in parts)}" if apt else "with your package manager"
    return f"Nearfield needs {' and '.join(p.what for p in parts)}; install {it} {how}"


def find_system_packages() -> None:
    """Install what is missing if that is allowed here. Raises SetupError for what Nearfield cannot do without."""
    missing = [part for part in (*FATAL, PORTAUDIO) if not part.here()]
    if not missing:
        return
    apt = apt_command(root=os.geteuid() == 0, sudo_works=sudo_needs_no_password)
    if apt:
        packages = [part.package for part in missing]
        print(f"Installing system packages: {', '.join(packages)} …", flush=True)
        subprocess.run([*apt, "update"], capture_output=True, check=False)
        # Whether it worked is seen by looking again: each part may have come or not.
        subprocess.run([*apt, "install", "-y", "--no-install-recommends", *packages], capture_output=True, check=False)
    has_apt = shutil.which("apt-get") is not None
    fatal = [part for part in FATAL if not part.here()]
    if fatal:
        raise SetupError(install_hint(fatal, apt=has_apt))
    if not PORTAUDIO.here():
        hint = install_hint([PORTAUDIO], apt=has_apt)
        print(f"{hint} (only for the live microphone and speaker; all else works without)", file=sys.stderr, flush=True)


# ---- room


def weights_folder() -> Path:
    from nearfield.home import find_home

    return find_home().weights


def size(folder: Path) -> int:
    """Bytes in the files below `folder`; 0 if there is none."""
    return sum(os.lstat(os.path.join(at, name)).st_size for at, _, names in os.walk(folder) for name in names)  # noqa: PTH118


def check_room(needs: Mapping[Path, int]) -> None:
    """Raises SetupError when a disk lacks room for what is not there yet. Folders on one disk are counted together."""
    wanted: dict[int, int] = {}
    for folder, full in needs.items():
        disk = next(place for place in (folder, *folder.parents) if place.exists())
        device = disk.stat().st_dev
        wanted[device] = wanted.get(device, 0) + max(0, full - size(folder))
        free = shutil.disk_usage(disk).free
        if free < wanted[device]:
            raise SetupError(
                f"Nearfield needs {wanted[device] / 1e9:.1f} GB on the disk of {folder} and {free / 1e9:.1f} GB are "
                "free: make room there and run `make setup` again."
            )


# ---- .venv and the weights


def make_venv() -> None:
    if venv_works():
        return
    print("Making .venv …", flush=True)
    command = [sys.executable, "-m", "venv", "--clear", str(VENV)]
    made = subprocess.run(command, capture_output=True, text=True, env=clean_environment(), check=False)
    if made.returncode:
        raise SetupError(f"{(made.stderr or made.stdout).strip()}\nPython could not make {VENV}.")


def pull_weights() -> None:
    """`nearfield models pull` shows its own progress on stderr; that all are here is nothing to tell."""
    pulled = subprocess.run([VENV / "bin" / "nearfield", "models", "pull"], stdout=subprocess.DEVNULL, check=False)
    if pulled.returncode == INTERRUPTED:
        raise KeyboardInterrupt
    if pulled.returncode:
        raise SetupError("The weights are not all here; run `make setup` again to go on.")


if __name__ == "__main__":
    sys.exit(main())

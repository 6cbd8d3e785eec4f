"""The wheel, not the checkout: built, looked into, installed where nothing else is, and talked to."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LARGEST = 2_000_000
"""Bytes."""


def run(*command, **more):
    """Run to the end; a failure shows all that the command wrote."""
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True, check=False, **more)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    out = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", out, ROOT, cwd=out)
    (built,) = out.glob("nearfield-*.whl")
    return built


@pytest.fixture
def bare_venv(tmp_path):
    """A virtual environment that holds nothing, not even pip; it is a gigabyte once filled, so it does not stay."""
    place = tmp_path / "venv"
    run(sys.executable, "-m", "venv", "--without-pip", place)
    yield place
    shutil.rmtree(place)


def test_contents(wheel):
    """The wheel carries both packages and all the data they read; no tests, no weights, no scripts of the checkout."""
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    top = {name.split("/")[0] for name in names}
    assert {t for t in top if not t.endswith(".dist-info")} == {"nearfield", "nearfield_tools"}
    prompts = {f"nearfield/_home/prompts/{file.name}" for file in (ROOT / "prompts").iterdir()}
    home = {"nearfield/_home/config.yaml", "nearfield/_home/models/catalogue.yaml", *prompts}
    assert {name for name in names if name.startswith("nearfield/_home/")} == home
    assert {"nearfield/bench/heldout.yaml", "nearfield/demo/requests.yaml"} <= names
    demo = {Path(name).suffix for name in names if name.startswith("nearfield/demo/")}
    assert demo & {".flac", ".wav", ".ogg"}
    assert demo & {".png", ".jpg"}
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)
    assert wheel.stat().st_size < LARGEST


def test_installed_wheel_holds_a_conversation(wheel, bare_venv, tmp_path):
    """Installed in a bare environment, the demo runs from another folder for someone who has no files at all.

    The dependencies are the ones pip chooses within constraints.txt; those `make setup` fetched come from pip's cache.
    """
    pip = [sys.executable, "-m", "pip", "--python", bare_venv / "bin" / "python", "install", "--no-compile", "--quiet"]
    run(*pip, "-c", ROOT / "constraints.txt", wheel)
    home, elsewhere = tmp_path / "home", tmp_path / "elsewhere"
    home.mkdir()
    elsewhere.mkdir()
    # Nothing of this user's or this checkout's leads the way: no XDG folders, no NEARFIELD_HOME, no PYTHONPATH.
    environment = {"HOME": str(home), "PATH": f"{bare_venv / 'bin'}:{os.defpath}", "LANG": "C.UTF-8"}
    said = run("nearfield", "demo", "--profile", "fake", cwd=elsewhere, env=environment)
    assert "heard" in said
    assert not list(elsewhere.iterdir())

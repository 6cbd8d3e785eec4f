"""`nearfield models`: what is printed, and the exit code."""

import hashlib
import io
import json

import pytest
import yaml

from nearfield.errors import UserError, WeightsError
from nearfield.home import Home
from nearfield.weights.command import run_models

DATA = {"tiny-ears": b"ears" * 500_000, "tiny-brain": b"brain"}


@pytest.fixture
def home(tmp_path):
    entries = {
        name: {
            "kind": name.removeprefix("tiny-"),
            "title": name,
            "licence": "MIT",
            "default": name == "tiny-ears",
            "settings": {"dialect": "starter", "context": 100},
            "files": [{"name": "a.bin", "size": len(data), "sha256": hashlib.sha256(data).hexdigest()}],
            "sources": [],
        }
        for name, data in DATA.items()
    }
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "catalogue.yaml").write_text(yaml.safe_dump({"models": entries}, sort_keys=False))
    for name, data in DATA.items():
        (tmp_path / "stick" / name).mkdir(parents=True)
        (tmp_path / "stick" / name / "a.bin").write_bytes(data)
    return Home(root=tmp_path, shipped=tmp_path, weights=tmp_path / "weights", cache=tmp_path)


@pytest.fixture
def models(home):
    def run(action, *names, stick=False, as_json=False):
        out, err = io.StringIO(), io.StringIO()
        source = str(home.root / "stick") if stick else None
        code = run_models(action, list(names), home, source_folder=source, as_json=as_json, out=out, err=err)
        return code, json.loads(out.getvalue()) if as_json else out.getvalue(), err.getvalue()

    return run


def test_list(models):
    """The list is an aligned table of all models."""
    models("pull", stick=True)
    assert models("list") == (
        0,
        (
            "name        kind     size  licence  state\n"
            "tiny-ears   ears   2.0 MB  MIT      ready\n"
            "tiny-brain  brain  0.0 kB  MIT      missing\n"
        ),
        "",
    )


def test_list_as_json(models, home):
    """As JSON, each model comes with its bytes, its state and its folder."""
    _, found, _ = models("list", "tiny-brain", as_json=True)
    (entry,) = found["models"]
    assert (entry["name"], entry["bytes"], entry["state"], entry["default"]) == ("tiny-brain", 5, "missing", False)
    assert entry["folder"] == str(home.weights / "tiny-brain")


def test_pull_defaults(models, home):
    """Pulling without names brings the default models, with progress on the other stream."""
    code, out, err = models("pull", stick=True)
    assert (code, out) == (0, f"tiny-ears: fetched, in {home.weights / 'tiny-ears'}\n")
    assert err.endswith("tiny-ears a.bin  100 %  2.0 MB of 2.0 MB\n")
    assert not (home.weights / "tiny-brain").exists()


def test_pull_again(models):
    """Pulling again says that it is here, and shows no progress."""
    models("pull", "tiny-brain", stick=True)
    code, out, err = models("pull", "tiny-brain", "tiny-brain")
    assert (code, err) == (0, "")
    assert out.startswith("tiny-brain: already here, in ")
    assert out.count("\n") == 1


def test_pull_as_json(models):
    """As JSON, a pull is one object that names the files it fetched."""
    _, found, _ = models("pull", "tiny-brain", stick=True, as_json=True)
    assert found["models"][0]["fetched"] == ["a.bin"]


def test_pull_of_an_unknown_name(models, home):
    """An unknown name stops the pull before anything is fetched."""
    with pytest.raises(WeightsError, match="Did you mean 'tiny-brain'"):
        models("pull", "tiny-ears", "tiny-brian", stick=True)
    assert not home.weights.exists()


def test_verify(models, home):
    """Verifying what is here tells each file's condition; exit code 1 when one is damaged, with what to do."""
    models("pull", "tiny-brain", stick=True)
    assert models("verify")[:2] == (0, "ok      tiny-brain/a.bin\n")
    (home.weights / "tiny-brain" / "a.bin").write_bytes(b"drain")
    code, out, _ = models("verify")
    assert (code, out) == (1, "damaged tiny-brain/a.bin\n        run: nearfield models pull tiny-brain\n")


def test_verify_nothing(models):
    """Verifying an empty store reports the default models as missing, with exit code 1."""
    code, found, _ = models("verify", as_json=True)
    assert (code, found) == (1, {"ok": False, "models": [{"name": "tiny-ears", "files": {"a.bin": "missing"}}]})


def test_path(models, home):
    """The path is that of all weights, or of the named models, whether or not they are there."""
    assert models("path") == (0, f"{home.weights}\n", "")
    assert models("path", "tiny-ears") == (0, f"{home.weights / 'tiny-ears'}\n", "")
    assert models("path", as_json=True)[1] == {"path": str(home.weights)}


def test_from_goes_with_pull(models):
    """--from with anything but a pull is refused."""
    with pytest.raises(UserError, match="--from goes with `models pull`"):
        models("list", stick=True)


def test_unknown_action(models):
    """An action that does not exist is refused with those that do."""
    with pytest.raises(UserError, match="list, pull, verify or path, not 'sing'"):
        models("sing")

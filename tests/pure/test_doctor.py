"""`nearfield doctor`: everything that matters is looked at, what is wrong comes with what helps, nothing is changed."""

from __future__ import annotations

import json

import pytest

from nearfield.config import Config, load_config
from nearfield.doctor import PARTS, examine, render
from nearfield.errors import WeightsError
from nearfield.seal.environment import OFF
from nearfield.weights import Store, load_catalogue

FAKE = load_config([], "fake")


def named(findings, name):
    [found] = [c for c in findings["checks"] if c["name"] == name]
    return found


def test_stand_ins_need_no_weights(home):
    """With the fake profile this machine is ready, and no weights are asked for."""
    findings = examine(FAKE, home)
    assert findings["ready"], render(findings)
    assert not [c for c in findings["checks"] if c["name"].startswith("weights")]
    assert render(findings).endswith("All is ready.")


def test_missing_weights_are_named_with_the_command_that_helps(home):
    """On a fresh machine each of the three models is missing, and so the whole is not ready."""
    findings = examine(Config(), home)
    assert not findings["ready"]
    for model in ("qwen2.5-coder-0.5b", "whisper-base", "joe"):
        found = named(findings, f"weights {model}")
        assert found["ok"] is False
        assert found["found"] == "missing"
        assert f"nearfield models pull {model}" in found["help"]
        assert found["help"] in render(findings)
    assert "Something is missing" in render(findings)


def test_damaged_weights_are_not_ready(home):
    """A file of the right name with other bytes is called damaged."""
    model = load_catalogue(home).get("joe")
    folder = Store(home.weights).folder(model)
    folder.mkdir(parents=True)
    for file in model.files:
        (folder / file.name).write_bytes(b"not a voice")
    assert named(examine(Config(), home), "weights joe")["found"] == "damaged"


def test_weights_nobody_knows_are_refused(home):
    """A model the catalogue lacks is told by its name, with the nearest."""
    with pytest.raises(WeightsError, match=r"'joes'.*Did you mean 'joe'"):
        examine(load_config([], overrides=["voice=joes"]), home)


def test_every_part_it_is_made_of_is_looked_at(home):
    """Each native package is there with its version, and onnxruntime is one that stays silent."""
    findings = examine(FAKE, home)
    for part in PARTS:
        assert named(findings, part)["ok"] is True, part
        assert named(findings, part)["found"][0].isdigit()


def test_telemetry_that_is_on_is_told(home, monkeypatch):
    """Switched off for the tests; switched on by someone's environment, it is named."""
    assert named(examine(FAKE, home), "telemetry")["ok"] is True
    name = next(iter(OFF))
    monkeypatch.setenv(name, "something else")
    found = named(examine(FAKE, home), "telemetry")
    assert found["ok"] is False
    assert name in found["found"]


def test_what_only_some_uses_need_does_not_stand_in_the_way(home):
    """A machine without a sound card is ready for recordings."""
    findings = examine(FAKE, home)
    sound = named(findings, "live sound")
    assert sound["ok"] in (True, None)
    if sound["ok"] is None:
        assert "libportaudio2" in sound["help"]
    assert findings["ready"]


def test_it_changes_nothing(home, tmp_path):
    """Neither a home nor a cache nor a folder for weights comes into being by looking."""
    examine(Config(), home)
    assert not list(tmp_path.iterdir())


def test_it_can_be_read_by_programs(home):
    """The findings are plain values, with the same keys for every check."""
    findings = json.loads(json.dumps(examine(Config(), home)))
    assert findings.keys() == {"version", "machine", "profile", "home", "weights", "checks", "ready"}
    assert all(c.keys() == {"name", "ok", "found", "help"} for c in findings["checks"])
    assert all(c["help"] == "" for c in findings["checks"] if c["ok"])
    assert all(c["help"] for c in findings["checks"] if not c["ok"])


def test_it_says_where_everything_lies(home):
    """Home, weights, profile and machine stand at the top; every check has a line of its own."""
    findings = examine(FAKE, home)
    lines = render(findings).splitlines()
    assert str(home.root) in lines[1]
    assert str(home.weights) in lines[1]
    assert "fake" in lines[1]
    assert "cores" in lines[0]
    assert sum(line.startswith(("  ok", "  NO", "  --")) for line in lines) == len(findings["checks"])

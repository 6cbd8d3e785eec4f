"""The catalogue: what it must hold, and what is said when it does not."""

import hashlib
from copy import deepcopy
from pathlib import Path

import pytest
import yaml

from nearfield.errors import WeightsError
from nearfield.home import Home, find_home
from nearfield.weights import load_catalogue

SHA = hashlib.sha256(b"abc").hexdigest()
GOOD = {
    "kind": "ears",
    "title": "Small ears",
    "licence": "MIT",
    "files": [{"name": "a.bin", "size": 3, "sha256": SHA}],
    "sources": [
        {
            "kind": "wheel",
            "wheels": {"ears-data==1.0": 100},
            "files": {"a.bin": [{"wheel": "ears-data==1.0", "member": "ears/a.bin", "size": 3}]},
        },
        {"kind": "hub", "repo": "people/ears", "commit": "0" * 40},
    ],
}


def write(folder: Path, text: str) -> Home:
    (folder / "models").mkdir(exist_ok=True)
    (folder / "models" / "catalogue.yaml").write_text(text)
    return Home(root=folder, shipped=folder, weights=folder / "weights", cache=folder)


def home_with(folder: Path, **changes: object) -> Home:
    return write(folder, yaml.safe_dump({"models": {"small-ears": {**deepcopy(GOOD), **changes}}}))


def test_shipped_defaults():
    """The shipped catalogue's defaults are one pair of ears, one voice and one brain, in that order."""
    catalogue = load_catalogue(find_home())
    assert [(model.name, model.kind) for model in catalogue.defaults] == [
        ("whisper-base", "ears"),
        ("joe", "voice"),
        ("qwen2.5-coder-0.5b", "brain"),
    ]


def test_shipped_brains_say_how_they_are_spoken_to():
    """Every brain in the shipped catalogue has a dialect, a context in tokens and its makers' sampling."""
    brains = [model for model in load_catalogue(find_home()).models if model.kind == "brain"]
    assert {model.name for model in brains} == {"qwen2.5-coder-0.5b", "smollm2-135m", "gemma3-270m"}
    for brain in brains:
        assert brain.settings["dialect"] == "starter"
        assert brain.settings["context"] == 8192
        assert brain.settings["sampling"]["temperature"] > 0


def test_shipped_size():
    """A model's size is that of its files together, in bytes."""
    assert load_catalogue(find_home()).get("joe").size == 63_201_294 + 4_794


def test_wheels_are_tried_first():
    """Every shipped model can come from wheels, and they are tried before the hub."""
    assert all(model.sources[0].kind == "wheel" for model in load_catalogue(find_home()).models)


def test_good_entry(tmp_path):
    """A complete entry is taken as it is written."""
    model = load_catalogue(home_with(tmp_path)).get("small-ears")
    assert (model.name, model.title, model.default, model.size) == ("small-ears", "Small ears", False, 3)


@pytest.mark.parametrize(("said", "meant"), [("wisper-base", "whisper-base"), ("Joe", "joe"), ("qwen", "qwen2.5")])
def test_unknown_name(said, meant):
    """An unknown name is answered with the nearest one there is."""
    with pytest.raises(WeightsError, match=f"no weights called '{said}'.* Did you mean '{meant}"):
        load_catalogue(find_home()).get(said)


def test_unknown_name_like_nothing():
    """A name that resembles nothing gets no guess, only the command that lists all."""
    with pytest.raises(WeightsError, match=r"'zzzzzz'; see: nearfield models list\.$"):
        load_catalogue(find_home()).get("zzzzzz")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"colour": "red"}, "colour"),
        ({"kind": "nose"}, "kind"),
        ({"title": None}, "title"),
        ({"files": []}, "files"),
        ({"files": [{"name": "../a.bin", "size": 3, "sha256": SHA}]}, "files.0.name"),
        ({"files": [{"name": "a.bin", "size": -3, "sha256": SHA}]}, "files.0.size"),
        ({"files": [{"name": "a.bin", "size": 3, "sha256": "abc"}]}, "files.0.sha256"),
        ({"files": [{"name": "a.bin", "size": 4, "sha256": SHA}]}, "do not add up to 4 bytes"),
        ({"sources": [{"kind": "torrent"}]}, "sources.0"),
        ({"sources": [{"kind": "hub", "repo": "people/ears", "commit": "main"}]}, "commit"),
        ({"sources": [{"kind": "hub", "repo": "a/b", "commit": "0" * 40, "paths": {"b.bin": "x"}}]}, "b.bin"),
        ({"sources": [{"kind": "wheel", "wheels": {"--index-url==1": 1}, "files": {}}]}, "wheels"),
        ({"kind": "brain"}, "dialect"),
    ],
)
def test_malformed_entry(tmp_path, changes, words):
    """A malformed entry is refused by its name and by what is wrong in it."""
    with pytest.raises(WeightsError, match="'small-ears'") as refusal:
        load_catalogue(home_with(tmp_path, **changes))
    assert words in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_wheel_without_size(tmp_path):
    """A piece of a wheel that is not listed with its size is refused."""
    source = {**deepcopy(GOOD["sources"][0]), "wheels": {}}
    with pytest.raises(WeightsError, match=r"ears-data==1\.0 has no size"):
        load_catalogue(home_with(tmp_path, sources=[source]))


@pytest.mark.parametrize("text", ["", "models:", "models: 3", "[1]", "models: {a: 3}", "models: {", "\x00"])
def test_not_a_catalogue(tmp_path, text):
    """A file that is no catalogue at all is refused in one sentence."""
    with pytest.raises(WeightsError) as refusal:
        load_catalogue(write(tmp_path, text))
    assert "\n" not in str(refusal.value)


def test_no_catalogue(tmp_path):
    """A catalogue that is gone asks for a new installation."""
    with pytest.raises(WeightsError, match="install Nearfield again"):
        load_catalogue(Home(tmp_path, tmp_path, tmp_path, tmp_path))

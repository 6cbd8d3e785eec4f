"""Settings: which layer wins, what one dial does, and what is said to someone who mistypes."""

from __future__ import annotations

import pytest
import yaml
from pydantic import ValidationError

from nearfield.config import KEYS, PROFILES, Config, load_config
from nearfield.errors import ConfigError
from nearfield.home import find_home

SHIPPED = find_home().shipped / "config.yaml"


@pytest.fixture
def write(tmp_path):
    """Writes a settings file; returns its path."""

    def to(text, name="config.yaml"):
        (tmp_path / name).write_text(text, encoding="utf-8")
        return tmp_path / name

    return to


def test_nothing_given_means_the_defaults(tmp_path):
    """Without any file, or with files that do not exist, everything has its default."""
    assert load_config([]) == load_config([tmp_path / "none.yaml"]) == Config()


@pytest.mark.parametrize("text", ["", "# only a comment\n", "brain:\n", "profile:\nvoice:\n"])
def test_an_empty_file_or_section_sets_nothing(write, text):
    """Someone who removes a comment sign and writes nothing below it keeps the defaults."""
    assert load_config([write(text)]) == Config()


def test_later_files_win_key_by_key(write):
    """The home's file overrides the shipped one, and leaves what it does not name."""
    shipped = write("voice: {speed: 1.5}\nears: {pause_ms: 700}\n", "a.yaml")
    own = write("voice:\n  speed: 2.0\n", "b.yaml")
    found = load_config([shipped, own])
    assert found.voice.speed == 2.0
    assert found.ears.pause_ms == 700


def test_a_setting_for_one_run_wins_over_every_file(write):
    """-c is the last word, and the last -c is the very last."""
    own = write("voice: {speed: 2.0}\nprofile: hands\n")
    found = load_config([own], overrides=["voice.speed=3", "voice.speed=0.5", "ask.timers=true"])
    assert found.voice.speed == 0.5
    assert found.ask.timers
    assert found.profile == "hands"


@pytest.mark.parametrize("name", list(PROFILES))
def test_every_profile_loads_and_is_what_it_says(name):
    """Each setting of the dial is a whole configuration that bears its name."""
    found = load_config([], name)
    assert found.profile == name
    for section, values in PROFILES[name].items():
        assert {k: getattr(getattr(found, section), k) for k in values} == dict(values)


def test_the_dial_is_turned_by_the_last_who_touches_it(write):
    """A profile comes from the file, is overridden by --profile, and that by -c; its values come along each time."""
    file = write("profile: glasses\n")
    assert load_config([file]).brain.longest == 80
    assert load_config([file], "kiosk").brain.longest == 100
    assert load_config([file], "kiosk", ["profile=reader"]).voice.speed == 1.2
    assert load_config([file], "kiosk", ["profile=reader"]).brain.longest == Config().brain.longest


def test_what_is_written_down_wins_over_the_dial(write):
    """The dial only moves what nobody has set by hand."""
    assert load_config([write("voice: {speed: 1.7}\n")], "reader").voice.speed == 1.7


@pytest.mark.parametrize("section", ["brain", "ears", "voice"])
def test_a_name_alone_is_the_model(write, section):
    """`brain: NAME` is short for its model, in a file and on the command line, and keeps the other values."""
    in_file = load_config([write(f"{section}: other\n")])
    for_one_run = load_config([], overrides=[f"{section}=other"])
    assert getattr(in_file, section).model == getattr(for_one_run, section).model == "other"
    defaults = getattr(Config(), section)
    assert getattr(in_file, section) == defaults.model_copy(update={"model": "other"})


@pytest.mark.parametrize(
    ("key", "nearest"),
    [
        ("voice.sped", "voice.speed"),
        ("speed", "voice.speed"),
        ("brian", "brain"),
        ("brain.modle", "brain.model"),
        ("ears.pause", "ears.pause_ms"),
        ("timers", "ask.timers"),
        ("profil", "profile"),
        ("voice.speed.x", "voice.speed"),
    ],
)
def test_a_mistyped_setting_names_the_nearest(key, nearest):
    """An unknown key is refused by name, with the one that was probably meant."""
    with pytest.raises(ConfigError) as told:
        load_config([], overrides=[f"{key}=1"])
    assert key.rsplit(".x", 1)[0] in str(told.value)
    assert f"Did you mean {nearest!r}?" in str(told.value)


def test_an_unknown_setting_in_a_file_names_the_file(write):
    """Whoever has several files learns in which one it stands; nothing is suggested where nothing is near."""
    file = write("xyzzy: 1\n")
    with pytest.raises(ConfigError) as told:
        load_config([file])
    assert str(file) in str(told.value)
    assert "Did you mean" not in str(told.value)


def test_an_unknown_profile_is_refused_with_all_there_are():
    """A mistyped profile lists every one, and the nearest."""
    with pytest.raises(ConfigError) as told:
        load_config([], "glases")
    assert all(name in str(told.value) for name in PROFILES)
    assert "Did you mean 'glasses'?" in str(told.value)


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("voice: {speed: 9}", "voice.speed"),
        ("voice: {speed: fast}", "voice.speed"),
        ("voice: {speed: .nan}", "voice.speed"),
        ("ears: {longest_minutes: .inf}", "ears.longest_minutes"),
        ("ears: {longest_minutes: 0}", "ears.longest_minutes"),
        ("ears: {pause_ms: 10}", "ears.pause_ms"),
        ("brain: {threads: -1}", "brain.threads"),
        ("brain: {threads: 1.5}", "brain.threads"),
        ("brain: {model: 3}", "brain.model"),
        ("brain: {model: [a]}", "brain.model"),
        ("brain: 3", "brain"),
        ("brain: [1]", "brain"),
        ("eyes: rapidocr", "eyes"),
        ("ask: {timers: maybe}", "ask.timers"),
        ("zone: 3", "zone"),
        ("language: de", "language"),
        ("profile: [1]", "profile"),
        ("profile: 3", "profile"),
        ("profile: ''", "profile"),
        ("profile: {a: 1}", "profile"),
        ("1: 2", "setting '1'"),
        ("true: 1", "setting 'True'"),
        ("2026-01-01: x", "2026-01-01"),
        ("- a\n- b", "key: value"),
        ("just text", "key: value"),
        ("a: b: c", "not readable YAML"),
        ("voice: {speed: 1", "not readable YAML"),
        ("? [a]\n: 1", "not readable YAML"),
        ("brain: !!python/object/apply:os.getcwd []", "not readable YAML"),
    ],
)
def test_what_cannot_be_a_setting_is_refused_in_one_sentence(write, text, where):
    """Wrong values, wrong types and broken YAML each end in one line that says where."""
    with pytest.raises(ConfigError) as told:
        load_config([write(text)])
    assert where in str(told.value)
    assert "\n" not in str(told.value)


def test_a_file_in_another_encoding_is_refused(tmp_path):
    """Bytes that are no text are not guessed at."""
    (tmp_path / "config.yaml").write_bytes(b"\xff\xfev\x00")
    with pytest.raises(ConfigError, match="not readable YAML"):
        load_config([tmp_path / "config.yaml"])


@pytest.mark.parametrize(
    "override", ["voice.speed", "=3", " =3", "voice.speed=[", "voice.speed=", ".=1", "profile=[1]"]
)
def test_a_malformed_setting_for_one_run_is_refused(override):
    """-c without a value, without a key, or with broken YAML says how it is written."""
    with pytest.raises(ConfigError):
        load_config([], overrides=[override])


def test_a_configuration_never_changes():
    """It is handed to everyone, so nobody may change it."""
    with pytest.raises(ValidationError):
        Config().voice.speed = 2.0


def test_the_shipped_file_is_short_and_changes_nothing():
    """config.yaml fits a screen, and as shipped it is exactly the defaults."""
    assert len(SHIPPED.read_text(encoding="utf-8").splitlines()) <= 40
    assert load_config([SHIPPED]) == Config()


def test_every_setting_the_shipped_file_mentions_exists_and_loads():
    """Uncommented as a whole, config.yaml holds only real keys with values that are accepted."""
    lines = SHIPPED.read_text(encoding="utf-8").split("\n\n", 1)[1].splitlines()
    settings = yaml.safe_load("\n".join(line.removeprefix("# ") for line in lines))
    mentioned = {f"{a}.{b}" for a, v in settings.items() if isinstance(v, dict) for b in v}
    mentioned |= {a for a, v in settings.items() if not isinstance(v, dict)}
    assert len(mentioned) > 8
    assert mentioned <= set(KEYS)
    assert load_config([], overrides=[f"{a}={yaml.safe_dump(v)}" for a, v in settings.items()])


def test_the_shipped_file_shows_the_defaults():
    """The values it shows beside each commented key are the ones that hold without it, but for the examples."""
    lines = SHIPPED.read_text(encoding="utf-8").split("\n\n", 1)[1].splitlines()
    shown = yaml.safe_load("\n".join(line.removeprefix("# ") for line in lines))
    defaults = Config().model_dump()
    for section in ("ears", "voice", "eyes", "ask"):
        assert shown[section] == {key: defaults[section][key] for key in shown[section]}
    assert shown["brain"]["model"] == defaults["brain"]["model"]
    assert shown["brain"]["longest"] == defaults["brain"]["longest"]

"""The configuration: a frozen value, made once, passed to whoever needs it.

Layers, later wins: the profile's own values, the shipped config.yaml, HOME/config.yaml, `--profile`, `-c key=value`.
Unknown keys are refused by name, with the nearest one that exists.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, get_args

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from nearfield.errors import ConfigError

Profile = Literal["desk", "hands", "glasses", "kiosk", "reader", "fake"]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Brain(_Frozen):
    engine: Literal["llama", "fake"] = "llama"
    model: str = "qwen2.5-coder-0.5b"
    threads: int = Field(0, ge=0, le=256)
    """Cores for thinking; 0 means the physical ones, at most 8."""
    longest: int = Field(160, ge=8, le=4096)
    """Tokens an answer may have."""
    wording: float = Field(2.0, ge=0, le=10)
    """How much the wording of a request counts beside the model's own opinion of which tool it wants; 0: not at all."""
    sampling: Literal["greedy", "model"] = "greedy"
    """`model`: as its makers recommend, from the catalogue."""


class Ears(_Frozen):
    engine: Literal["whisper", "fake"] = "whisper"
    model: str = "whisper-base"
    pause_ms: int = Field(1000, ge=200, le=5000)
    """Silence that ends a request in a recording, milliseconds."""
    longest_minutes: float = Field(10.0, gt=0, le=240)
    """Recordings longer than this are refused."""


class Voice(_Frozen):
    engine: Literal["piper", "fake"] = "piper"
    model: str = "joe"
    speed: float = Field(1.0, ge=0.5, le=4.0)


class Eyes(_Frozen):
    engine: Literal["rapidocr", "fake"] = "rapidocr"
    longest_megapixels: float = Field(60.0, gt=0, le=1000)
    """Pictures larger than this are refused before they are decoded."""


class Ask(_Frozen):
    timers: bool = True
    """Ask aloud before a timer is set or cancelled."""


class Config(_Frozen):
    """Everything a run depends on."""

    profile: Profile = "desk"
    language: Literal["en"] = "en"
    zone: str = ""
    """IANA time zone; empty means the system's."""
    brain: Brain = Brain()
    ears: Ears = Ears()
    voice: Voice = Voice()
    eyes: Eyes = Eyes()
    ask: Ask = Ask()


PROFILES: Mapping[str, Mapping[str, Any]] = {
    "desk": {},
    "hands": {"ask": {"timers": False}},
    "glasses": {"brain": {"longest": 80}, "ask": {"timers": False}},
    "kiosk": {"brain": {"longest": 100}},
    "reader": {"voice": {"speed": 1.2}},
    "fake": {
        "brain": {"engine": "fake"},
        "ears": {"engine": "fake"},
        "voice": {"engine": "fake"},
        "eyes": {"engine": "fake"},
    },
}
"""What each setting of the one dial means, as overrides of the defaults above."""


def load_config(files: Sequence[Path], profile: str | None = None, overrides: Sequence[str] = ()) -> Config:
    """The configuration from `files` (those that exist), `profile` and `key=value` strings.

    Raises ConfigError, naming the file or option, for bad YAML, unknown keys and bad values.
    """
    layers = [(str(f), _read(f)) for f in files if f.is_file()]
    if profile:
        layers.append(("--profile", {"profile": profile}))
    layers += [(f"-c {o}", _parse(o)) for o in overrides]
    for origin, layer in layers:
        _refuse_unknown(origin, layer)
    said = next((layer["profile"] for _, layer in reversed(layers) if layer.get("profile") is not None), "desk")
    if not isinstance(said, str) or said not in PROFILES:
        raise ConfigError(
            f"There is no profile {said!r}; choose one of {', '.join(PROFILES)}.{_nearest(said, PROFILES)}"
        )
    merged: dict[str, Any] = {}
    _merge(merged, PROFILES[said])
    for _, layer in layers:
        _merge(merged, layer)
    merged["profile"] = said
    try:
        return Config.model_validate(merged)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(p) for p in first["loc"])
        raise ConfigError(f"Setting {where}: {first['msg'].lower()} (it is {first['input']!r}).") from error


def _read(file: Path) -> dict[str, Any]:
    try:
        found = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file} is not readable YAML: {' '.join(str(error).split())}. Mend or remove it.") from error
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise ConfigError(f"{file} must hold `key: value` lines.")
    return _normal(found)


def _parse(override: str) -> dict[str, Any]:
    key, equals, value = override.partition("=")
    if not equals or not key.strip():
        raise ConfigError(f"-c {override}: write it as key=value, for example -c voice.speed=1.2.")
    try:
        nested: Any = yaml.safe_load(value)
    except yaml.YAMLError as error:
        raise ConfigError(f"-c {override}: {value!r} is not a value.") from error
    for part in reversed(key.strip().split(".")):
        nested = {part: nested}
    return _normal(nested)


def _normal(layer: dict[str, Any]) -> dict[str, Any]:
    """`brain: NAME` is short for `brain: {model: NAME}`, so for ears and voice; an empty section sets nothing."""
    return {
        key: {"model": value} if key in ("brain", "ears", "voice") and isinstance(value, str) else value
        for key, value in layer.items()
        if value is not None or key not in Config.model_fields
    }


def _refuse_unknown(origin: str, layer: Mapping[str, Any]) -> None:
    for path in _paths(layer):
        if path not in KEYS:
            raise ConfigError(f"{origin}: there is no setting {path!r}.{_nearest(path, KEYS)}")


def _paths(layer: Mapping[str, Any], before: str = "") -> Iterator[str]:
    for key, value in layer.items():
        path = f"{before}{key}"
        yield path
        if isinstance(value, dict):
            yield from _paths(value, f"{path}.")


def _nearest(said: object, known: Sequence[str] | Mapping[str, Any]) -> str:
    leaf = {k.rsplit(".", 1)[-1]: k for k in known}
    close = difflib.get_close_matches(str(said), list(known), 1, 0.6)
    if not close:
        close = [leaf[c] for c in difflib.get_close_matches(str(said).rsplit(".", 1)[-1], list(leaf), 1, 0.6)]
    return f" Did you mean {close[0]!r}?" if close else ""


def _merge(into: dict[str, Any], layer: Mapping[str, Any]) -> None:
    for key, value in layer.items():
        if isinstance(value, Mapping) and isinstance(into.get(key), dict):
            _merge(into[key], value)
        else:
            into[key] = dict(value) if isinstance(value, Mapping) else value


def _known(model: type[BaseModel], before: str = "") -> Iterator[str]:
    for name, entry in model.model_fields.items():
        yield f"{before}{name}"
        inner = entry.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            yield from _known(inner, f"{before}{name}.")


KEYS = tuple(_known(Config))
"""Every setting's dotted name."""
assert set(get_args(Profile)) == set(PROFILES)

"""The catalogue: which weights exist, their exact bytes, and where each can be fetched.

Read from models/catalogue.yaml and checked in full before anything is done with it; a mistake is reported by entry.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass as plain_dataclass
from dataclasses import field
from typing import TYPE_CHECKING, Annotated, Any, Literal

import yaml
from pydantic import ConfigDict, Field, PositiveInt, TypeAdapter, ValidationError, model_validator
from pydantic.dataclasses import dataclass

from nearfield.errors import WeightsError

if TYPE_CHECKING:
    from nearfield.home import Home

Kind = Literal["ears", "voice", "brain"]

_EXACT = ConfigDict(extra="forbid")
# A name that is one step of a path: it can neither leave its folder nor hide in it.
_Plain = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
# Pinned, and nothing a program could take for an option.
_Pinned = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*==[0-9][0-9A-Za-z.]*$")]


@dataclass(frozen=True, config=_EXACT)
class File:
    """One file as it must be on disk."""

    name: _Plain
    size: PositiveInt
    """Bytes."""
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


@dataclass(frozen=True, config=_EXACT)
class Piece:
    """A member of a wheel that is a whole file, or one part of it."""

    wheel: _Pinned
    member: str
    size: PositiveInt
    """Bytes of the member, unpacked."""


@dataclass(frozen=True, config=_EXACT)
class WheelSource:
    """Pinned packages whose data members, joined in order, are the files."""

    kind: Literal["wheel"]
    wheels: dict[_Pinned, PositiveInt]
    """Each package's own size, bytes."""
    files: dict[str, tuple[Piece, ...]]


@dataclass(frozen=True, config=_EXACT)
class HubSource:
    """A repository of the model hub at one commit."""

    kind: Literal["hub"]
    repo: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*/[A-Za-z0-9][A-Za-z0-9._-]*$")]
    commit: Annotated[str, Field(pattern=r"^[0-9a-f]{40}$")]
    paths: dict[str, str] = field(default_factory=dict)
    """Where a file is in the repository, for those that are not simply at its top under their own name."""


Source = Annotated[WheelSource | HubSource, Field(discriminator="kind")]


@dataclass(frozen=True, config=_EXACT)
class Model:
    """One set of weights."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]*$")]
    kind: Kind
    title: str
    licence: str
    files: Annotated[tuple[File, ...], Field(min_length=1)]
    sources: tuple[Source, ...]
    """In the order they are tried."""
    notes: str = ""
    default: bool = False
    """Fetched when no name is given."""
    settings: dict[str, Any] = field(default_factory=dict)
    """What the engine needs to know. A brain's: dialect (str), context (tokens), sampling (a mapping)."""

    @property
    def size(self) -> int:
        """All files together, bytes."""
        return sum(file.size for file in self.files)

    @model_validator(mode="after")
    def _complete(self) -> Model:
        for source in self.sources:
            if isinstance(source, WheelSource):
                _check_wheels(source, self.files)
            elif strange := set(source.paths) - {file.name for file in self.files}:
                raise ValueError(f"its hub source has a path for {min(strange)}, which is not one of its files")
        if self.kind == "brain" and not (
            isinstance(self.settings.get("dialect"), str) and isinstance(self.settings.get("context"), int)
        ):
            raise ValueError("a brain's settings must hold dialect (a name) and context (tokens)")
        return self


def _check_wheels(source: WheelSource, files: tuple[File, ...]) -> None:
    for file in files:
        pieces = source.files.get(file.name, ())
        if sum(piece.size for piece in pieces) != file.size:
            raise ValueError(f"the pieces of {file.name} in its wheel source do not add up to {file.size} bytes")
        for piece in pieces:
            if piece.wheel not in source.wheels:
                raise ValueError(f"{piece.wheel} has no size under `wheels`")


@plain_dataclass(frozen=True)
class Catalogue:
    """All models, in the order they are written."""

    models: tuple[Model, ...]

    @property
    def defaults(self) -> tuple[Model, ...]:
        """What a fresh machine needs."""
        return tuple(model for model in self.models if model.default)

    def get(self, name: str) -> Model:
        """The model called `name`. Raises WeightsError, with the nearest name there is."""
        by_name = {model.name: model for model in self.models}
        if name in by_name:
            return by_name[name]
        said = name.lower()
        # The beginning of a name is worth more than its likeness: "qwen" resembles nothing, and is clear.
        close = [known for known in by_name if said and known.startswith(said)]
        close = close or difflib.get_close_matches(said, by_name, 1, 0.4)
        hint = f" Did you mean {close[0]!r}?" if close else ""
        raise WeightsError(f"There are no weights called {name!r}; see: nearfield models list.{hint}")


def load_catalogue(home: Home) -> Catalogue:
    """The catalogue Nearfield ships with. Raises WeightsError naming the entry that is wrong."""
    file = home.shipped / "models" / "catalogue.yaml"
    try:
        found = yaml.safe_load(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise WeightsError(f"{file} cannot be read ({error.strerror}); install Nearfield again.") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise WeightsError(f"{file} is not readable YAML: {' '.join(str(error).split())}.") from error
    entries = found.get("models") if isinstance(found, Mapping) else None
    if not isinstance(entries, Mapping) or not entries:
        raise WeightsError(f"{file} must hold `models:` and an entry for each model.")
    return Catalogue(tuple(_model(str(name), entry) for name, entry in entries.items()))


def _model(name: str, entry: object) -> Model:
    if not isinstance(entry, Mapping):
        raise WeightsError(f"Catalogue entry {name!r} must hold `key: value` lines.")
    try:
        return TypeAdapter(Model).validate_python({"name": name, **entry})
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(step) for step in first["loc"])
        message = first["msg"].removeprefix("Value error, ")
        raise WeightsError(f"Catalogue entry {name!r}: {f'{where}: ' if where else ''}{message}.") from error

"""Where weights lie on this machine, and whether they are what the catalogue says.

ROOT/<model>/<file>        ready to use
ROOT/<model>/<file>.part   a download that was interrupted and goes on from there
ROOT/verified.json         stamps, so that an unchanged file is not hashed at every start
ROOT/.lock                 held while something is fetched
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
from typing import TYPE_CHECKING, Literal

from nearfield.errors import WeightsError
from nearfield.weights.progress import Progress, silent
from nearfield.weights.stamps import Stamps, sha256_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from nearfield.weights.catalogue import File, Model

State = Literal["ready", "missing", "damaged", "partial"]
Condition = Literal["ok", "missing", "damaged"]


class Store:
    """The weights under one folder. Looking at it never fetches and never makes a folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._stamps = Stamps(root)

    def folder(self, model: Model) -> Path:
        """Where the model's files lie, whether or not they are there."""
        return self.root / model.name

    def file(self, model: Model, file: File) -> Path:
        return self.folder(model) / file.name

    def part(self, model: Model, file: File) -> Path:
        """The unfinished download of `file`."""
        return self.folder(model) / f"{file.name}.part"

    def find(self, model: Model) -> Mapping[str, Path]:
        """Each file's place by its name, all checked. This is what an engine opens.

        Raises WeightsError with the command that helps if something is missing or damaged. Takes a millisecond when
        nothing changed since the last check, otherwise as long as hashing takes.
        """
        conditions = {file: self.condition(model, file) for file in model.files}
        again = f"run: nearfield models pull {model.name}"
        for file, condition in conditions.items():
            if condition == "damaged":
                raise WeightsError(f"{self.file(model, file)} is damaged; to fetch it again, {again}")
        if "missing" in conditions.values():
            some = "ok" in conditions.values() or any(self.part(model, file).is_file() for file in model.files)
            raise WeightsError(f"{model.title} is not {'all here' if some else 'here'}; {again}")
        return {file.name: self.file(model, file) for file in model.files}

    def state(self, model: Model) -> State:
        """What is here of the model. Raises WeightsError if a file cannot be read."""
        conditions = [self.condition(model, file) for file in model.files]
        if "damaged" in conditions:
            return "damaged"
        if "missing" not in conditions:
            return "ready"
        begun = "ok" in conditions or any(self.part(model, file).is_file() for file in model.files)
        return "partial" if begun else "missing"

    def verify(self, model: Model, progress: Progress = silent) -> dict[str, Condition]:
        """Every file's condition by its name, hashed in full whatever the stamps say."""
        return {file.name: self.condition(model, file, progress, full=True) for file in model.files}

    def condition(self, model: Model, file: File, progress: Progress = silent, *, full: bool = False) -> Condition:
        """One file's condition, by its stamp if it has one and `full` is not asked for.

        Raises WeightsError if it cannot be read.
        """
        path = self.file(model, file)
        try:
            if not path.is_file():
                return "missing"
            if not full and self._stamps.vouch(path, file.sha256):
                return "ok"
            seen = path.stat()
            good = seen.st_size == file.size and file.sha256 == sha256_of(
                path, lambda done: progress(model.name, file.name, min(done, file.size), file.size)
            )
        except OSError as error:
            raise WeightsError(f"{path} cannot be read ({error.strerror}).") from error
        if good:
            self._stamps.keep(path, file.sha256, seen)
            return "ok"
        self._stamps.drop(path)
        return "damaged"

    @contextlib.contextmanager
    def lock(self) -> Iterator[None]:
        """The right to write here; makes the folder. Raises WeightsError if another process has it, and OSError."""
        self.root.mkdir(parents=True, exist_ok=True)
        with (self.root / ".lock").open("w") as held:
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                if error.errno not in (errno.EWOULDBLOCK, errno.EACCES):
                    raise
                raise WeightsError(
                    f"Weights are being fetched into {self.root} already; wait for that to end."
                ) from error
            yield

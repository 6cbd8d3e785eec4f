"""Recorded speech to test with: other people's, so it is fetched once and kept in the cache, never in this repository.

Both packages are MIT-licensed. Only their recordings are read; their code is neither installed nor imported.
"""

from __future__ import annotations

import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

from nearfield.home import find_home
from nearfield.weights.wheel import download

RECORDINGS = {
    "counting.wav": ("pytest-audioeval==0.1.3", "pytest_audioeval/samples/audio/en/counting.wav"),
    "hello_world.wav": ("pytest-audioeval==0.1.3", "pytest_audioeval/samples/audio/en/hello_world.wav"),
    "quick_brown_fox.wav": ("pytest-audioeval==0.1.3", "pytest_audioeval/samples/audio/en/quick_brown_fox.wav"),
    "beckett.wav": ("moonshine-voice==0.1.5", "moonshine_voice/assets/beckett.wav"),
    "two_cities.wav": ("moonshine-voice==0.1.5", "moonshine_voice/assets/two_cities.wav"),
}
"""Name: the wheel that carries it, and where in it."""


def recording(name: str) -> Path:
    """Where the recording lies; its wheel is fetched when it is not here yet."""
    folder = find_home().cache / "test-audio"
    if not (folder / name).is_file():
        _fetch(RECORDINGS[name][0], folder)
    return folder / name


def _fetch(wheel: str, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder) as scratch:
        download(wheel, Path(scratch), lambda _: None)
        (archive,) = Path(scratch).glob("*.whl")
        with zipfile.ZipFile(archive) as members:
            for name, (carrier, member) in RECORDINGS.items():
                if carrier == wheel:
                    draft = Path(scratch) / name
                    draft.write_bytes(members.read(member))
                    draft.replace(folder / name)

"""Where things lie: what Nearfield ships with, what the user owns, and the weights that clones share.

shipped   the checkout, or the wheel's own copy: config.yaml, prompts/, models/catalogue.yaml
home      the user's: config.yaml (optional), calendar/, workspace/, store/, conversations.sqlite
weights   shared by every clone and version on this machine, so that nothing is fetched twice
cache     what can be computed again (KV prefixes)
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from nearfield.errors import ConfigError


@dataclass(frozen=True)
class Home:
    """Every folder Nearfield uses. None of them is made by looking them up."""

    root: Path
    shipped: Path
    weights: Path
    cache: Path

    @property
    def calendar(self) -> Path:
        return self.root / "calendar"

    @property
    def workspace(self) -> Path:
        return self.root / "workspace"

    @property
    def store(self) -> Path:
        return self.root / "store"

    @property
    def conversations(self) -> Path:
        return self.root / "conversations.sqlite"


def find_home(root: str | None = None) -> Home:
    """The folders of this machine. `root` (the `--home` option) moves what the user owns, not the weights.

    NEARFIELD_HOME and NEARFIELD_MODELS move the home and the weights; otherwise the XDG folders are used.
    """
    data = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "nearfield"
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "nearfield"
    chosen = root or os.environ.get("NEARFIELD_HOME")
    return Home(
        root=Path(chosen).expanduser().resolve() if chosen else data / "home",
        shipped=_shipped(),
        weights=Path(os.environ.get("NEARFIELD_MODELS") or data / "models").expanduser(),
        cache=cache,
    )


def _shipped() -> Path:
    package = Path(__file__).resolve().parent
    for folder in (package / "_home", package.parent.parent):
        if (folder / "models" / "catalogue.yaml").is_file() and (folder / "config.yaml").is_file():
            return folder
    raise ConfigError("Nearfield's own config.yaml and models/catalogue.yaml are gone; install it again.")

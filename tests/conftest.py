"""For every test: telemetry off before anything is imported, and a home of its own."""

from __future__ import annotations

import pytest

from nearfield.home import Home, find_home
from nearfield.seal.environment import close_telemetry

close_telemetry()


@pytest.fixture
def home(tmp_path) -> Home:
    """Folders under tmp_path for what the user owns; the shipped files are the real ones."""
    real = find_home()
    return Home(tmp_path / "home", real.shipped, tmp_path / "weights", tmp_path / "cache")

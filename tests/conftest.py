"""For every test: telemetry off before anything is imported, and a home of its own."""

from __future__ import annotations

import sys

import pytest

from nearfield.home import Home, find_home
from nearfield.seal.environment import close_telemetry

close_telemetry()


@pytest.fixture
def home(tmp_path) -> Home:
    """Folders under tmp_path for what the user owns; the shipped files are the real ones."""
    real = find_home()
    return Home(tmp_path / "home", real.shipped, tmp_path / "weights", tmp_path / "cache")


@pytest.fixture(scope="session", autouse=True)
def _nothing_after_the_summary():
    """llama_cpp leaves two files open for Python to complain of; closed here, pytest has the last word."""
    yield
    if left := sys.modules.get("llama_cpp._utils"):
        left.outnull_file.close()
        left.errnull_file.close()

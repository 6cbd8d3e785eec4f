"""For the command line: a user at a shell."""

from __future__ import annotations

import pytest

from .shell import Shell


@pytest.fixture
def shell(tmp_path) -> Shell:
    """Runs commands below tmp_path."""
    return Shell(tmp_path)

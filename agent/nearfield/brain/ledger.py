"""Every call with an effect, written down before it happens and settled after: nothing twice, nothing unrecorded.

A call's id is its identity for ever. `begin` writes the intent; a second `begin` of a settled call returns what became of
it, and of an unsettled one (the process died in between) says so, and the tool's own idempotence decides.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

_TABLE = """CREATE TABLE IF NOT EXISTS effects (
    call TEXT PRIMARY KEY, tool TEXT NOT NULL, arguments TEXT NOT NULL, question TEXT, answer TEXT,
    began TEXT NOT NULL, settled TEXT, outcome TEXT, result TEXT)"""


class Ledger:
    """One sqlite file, mode 0600; blocking, used from the tools' thread alone."""

    def __init__(self, file: Path | None) -> None:
        self._file = file
        self._db: sqlite3.Connection | None = None

    def begin(
        self,
        call: str,
        tool: str,
        arguments: Mapping[str, Any],
        question: str | None,
        answer: str | None,
        now: datetime,
    ) -> tuple[str, str] | None:
        """Write the intent. Returns (outcome, result) when this very call has been settled before."""
        known = self._open().execute("SELECT outcome, result FROM effects WHERE call = ?", (call,)).fetchone()
        if known and known[0]:
            return known[0], known[1]
        if not known:
            self._open().execute(
                "INSERT INTO effects (call, tool, arguments, question, answer, began) VALUES (?, ?, ?, ?, ?, ?)",
                (call, tool, json.dumps(arguments, sort_keys=True), question, answer, now.isoformat()),
            )
        return None

    def settle(self, call: str, outcome: str, result: str, now: datetime) -> None:
        """Write what became of a call."""
        self._open().execute(
            "UPDATE effects SET settled = ?, outcome = ?, result = ? WHERE call = ?",
            (now.isoformat(), outcome, result, call),
        )

    def outcome(self, call: str) -> tuple[str | None, str | None] | None:
        """(outcome, result) of a call, (None, None) while unsettled, None when it was never begun."""
        row = self._open().execute("SELECT outcome, result FROM effects WHERE call = ?", (call,)).fetchone()
        return (row[0], row[1]) if row else None

    def close(self) -> None:
        if self._db is not None:
            self._db.close()
            self._db = None

    def _open(self) -> sqlite3.Connection:
        if self._db is None:
            if self._file is not None:
                self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                self._file.touch(mode=0o600, exist_ok=True)
            self._db = sqlite3.connect(self._file or ":memory:", isolation_level=None, check_same_thread=False)
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute(_TABLE)
        return self._db

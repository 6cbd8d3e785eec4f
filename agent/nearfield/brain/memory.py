"""Where conversations are kept between steps: sqlite beside everything else the user owns, or nowhere."""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any


@asynccontextmanager
async def open_memory(file: Path | None) -> AsyncGenerator[Any, None]:
    """LangGraph's checkpointer on `file` (mode 0600, made when missing); None keeps everything in this process."""
    if file is None:
        from langgraph.checkpoint.memory import InMemorySaver

        yield InMemorySaver()
        return
    import aiosqlite
    from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver

    os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
    async with aiosqlite.connect(file) as db:
        await db.execute("PRAGMA journal_mode=WAL")
        await db.execute("PRAGMA synchronous=NORMAL")
        yield AsyncSqliteSaver(db)

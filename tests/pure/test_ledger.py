"""What was done is written down before and after: nothing twice, nothing unrecorded."""

from __future__ import annotations

import asyncio
import sqlite3
import stat
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from nearfield.brain.hands import Context, Done, Hands, OnTheSpot
from nearfield.brain.ledger import Ledger
from nearfield_tools.api import Effect, Plan, Result, ToolContext, ToolError, say, tool

NOW = datetime(2026, 11, 21, 14, 0, tzinfo=ZoneInfo("Europe/Amsterdam"))


@pytest.fixture
def file(tmp_path):
    return tmp_path / "store" / "ledger.sqlite"


@pytest.fixture
def ledger(file):
    opened = Ledger(file)
    yield opened
    opened.close()


def begin(ledger, call="c1"):
    return ledger.begin(call, "write_file", {"name": "list"}, "Shall I?", "yes", NOW)


def test_a_call_never_heard_of_is_unknown(ledger):
    """The ledger claims nothing about a call that was not begun."""
    assert ledger.outcome("c1") is None


def test_a_settled_call_is_not_begun_again(ledger):
    """The same call a second time learns what became of the first, and is not to be carried out."""
    assert begin(ledger) is None
    ledger.settle("c1", "done", "It is on the list.", NOW)
    assert begin(ledger) == ("done", "It is on the list.")
    assert ledger.outcome("c1") == ("done", "It is on the list.")
    assert begin(ledger, "c2") is None


def test_a_crash_between_intent_and_outcome_is_seen(file):
    """When the process dies in between, the next one finds the call begun and not settled, and may try again once."""
    dying = Ledger(file)
    begin(dying)
    ledger = Ledger(file)
    assert ledger.outcome("c1") == (None, None)
    assert begin(ledger) is None
    ledger.settle("c1", "done", "Now it is.", NOW)
    dying.close()
    ledger.close()
    later = Ledger(file)
    assert begin(later) == ("done", "Now it is.")
    later.close()


def test_what_was_written_survives(file, ledger):
    """Question, answer, arguments and times can be read back by anyone with sqlite, one row a call."""
    begin(ledger)
    begin(ledger)
    ledger.settle("c1", "refused", "All right.", NOW)
    ledger.close()
    db = sqlite3.connect(file)
    rows = db.execute("SELECT call, tool, arguments, question, answer, outcome, began, settled FROM effects").fetchall()
    db.close()
    iso = NOW.isoformat()
    assert rows == [("c1", "write_file", '{"name": "list"}', "Shall I?", "yes", "refused", iso, iso)]


def test_only_its_owner_may_read_it(file, ledger):
    """What someone asked for is private: the file and everything sqlite puts beside it."""
    begin(ledger)
    assert {stat.S_IMODE(f.stat().st_mode) for f in file.parent.iterdir()} == {0o600}
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_making_a_ledger_touches_nothing(file):
    """Only the first entry makes the file."""
    Ledger(file).close()
    assert not file.parent.exists()


@tool(effect=Effect.WRITE, examples=[say("do it", what="x")])
def note(ctx: ToolContext, what: str) -> Plan:
    """Write a line."""
    return Plan("Shall I?", {"what": what})


@note.carry_out
def put(ctx: ToolContext, what: str) -> Result:
    if what == "bad":
        raise ToolError("I could not.")
    with (ctx.workspace / "notes.txt").open("a") as out:
        out.write(f"{what}\n")
    return Result(f"Wrote {what}.")


def carried_out(ledger, folder, *answers, what="milk"):
    """What becomes of one and the same call, carried out once for each answer."""
    hands = Hands(
        {"note": note}, Context(NOW, "", folder, folder, folder, None), lambda: NOW, lambda _: None, ledger, OnTheSpot()
    )

    async def run():
        planned = await hands.plan({"id": "c1", "name": "note", "arguments": {"what": what}}, None)
        return [await hands.carry_out({**planned, "answer": answer}, None) for answer in answers]

    return asyncio.run(run())


def test_the_same_call_writes_once(ledger, tmp_path):
    """Carried out twice, as after a crash, a call takes effect once and says the same both times."""
    assert carried_out(ledger, tmp_path, "yes", "yes") == [Done("done", "Wrote milk.", {})] * 2
    assert (tmp_path / "notes.txt").read_text() == "milk\n"


@pytest.mark.parametrize(("answer", "outcome"), [("no", "refused"), ("other", "unanswered"), ("nothing", "unanswered")])
def test_what_was_not_agreed_to_is_written_down_too(ledger, tmp_path, answer, outcome):
    """A refusal leaves no trace in the files and one in the ledger."""
    [done] = carried_out(ledger, tmp_path, answer)
    assert done.outcome == outcome
    assert ledger.outcome("c1") == (outcome, done.say)
    assert not (tmp_path / "notes.txt").exists()


def test_a_refused_call_stays_refused(ledger, tmp_path):
    """Once the answer was no, the same call is not carried out by a later yes."""
    refused, again = carried_out(ledger, tmp_path, "no", "yes")
    assert refused.outcome == again.outcome == "refused"
    assert not (tmp_path / "notes.txt").exists()


def test_what_could_not_be_done_is_settled_as_failed(ledger, tmp_path):
    """A tool that gives up is written down with its own sentence."""
    assert carried_out(ledger, tmp_path, "yes", what="bad") == [Done("failed", "I could not.", {})]
    assert ledger.outcome("c1") == ("failed", "I could not.")

"""The user's files: found as they are said, read aloud, added to, and never anything outside their folder."""

import os
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from nearfield_tools.api import ToolError
from nearfield_tools.files import find_files, list_files, read_file
from nearfield_tools.writing import add_text, write_file


@dataclass(frozen=True)
class Here:
    workspace: Path
    now: datetime = datetime(2026, 11, 21, 14, 0, tzinfo=UTC)
    call_id: str = "call-1"
    calendar: Path = Path("/nowhere")
    store: Path = Path("/nowhere")
    eyes: None = None


@pytest.fixture
def here(tmp_path):
    (tmp_path / "space" / "recipes").mkdir(parents=True)
    return Here(tmp_path / "space")


def put(here, name, text="some text\n"):
    path = here.workspace / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def done(here, name, text):
    return add_text(here, **write_file.act(here, name, text).arguments)


def test_files_and_folders_are_listed_by_name(here):
    """Hidden files and links are not there."""
    for name in ("b.txt", "A.txt", ".secret", "recipes/soup.txt"):
        put(here, name)
    (here.workspace / "link.txt").symlink_to("/etc/passwd")
    result = list_files.act(here)
    assert result.say == "I see 2 files: A.txt and b.txt, and 1 folder: recipes."
    assert result.data == {"folder": ".", "files": ["A.txt", "b.txt"], "folders": ["recipes"]}
    assert result.untrusted
    assert list_files.act(here, "the recipes folder").say == "In recipes I see 1 file: soup.txt."


def test_of_many_files_eight_are_named(here):
    """And the rest is counted."""
    for number in range(12):
        put(here, f"note {number:02}.txt")
    assert "note 07.txt and 4 more, and 1 folder" in list_files.act(here).say


def test_an_empty_or_missing_folder_holds_nothing(here, tmp_path):
    """A workspace that was not made yet is simply empty."""
    assert list_files.act(here, "recipes").say == "In recipes I see nothing."
    assert list_files.act(replace(here, workspace=tmp_path / "not yet")).say == "I see nothing."
    with pytest.raises(ToolError, match=r"no folder called recipies\. The nearest is recipes"):
        list_files.act(here, "recipies")


@pytest.mark.parametrize(
    "said",
    ["shopping list", "Shopping List", "my shopping list", "the shopping list file", "shopping-list.txt",
     "shopping list dot txt", "shoppinglist"],
)  # fmt: skip
def test_a_file_is_found_as_it_is_said(here, said):
    """Hyphens, capitals, suffixes and little words do not matter."""
    put(here, "shopping-list.txt", "- milk\n- eggs\n")
    put(here, "packing list.txt")
    assert read_file.act(here, said).say == "In shopping-list.txt it says: milk, eggs."


def test_part_of_a_name_will_do_when_only_one_file_has_it(here):
    """Otherwise they are named, and a suffix decides."""
    put(here, "letter to the landlord.txt")
    put(here, "ideas.txt", "old")
    put(here, "ideas.md", "new")
    assert read_file.act(here, "landlord letter").data["name"] == "letter to the landlord.txt"
    with pytest.raises(ToolError, match=r"There are 2 files: ideas.md and ideas.txt. Which one\?"):
        read_file.act(here, "ideas")
    assert read_file.act(here, "ideas dot md").say == "In ideas.md it says: new."


def test_a_file_that_is_not_there_is_said_with_the_nearest(here):
    """It is not opened on a guess."""
    put(here, "shopping-list.txt")
    with pytest.raises(ToolError, match=r"no file called chopping list. The nearest is shopping-list.txt."):
        read_file.act(here, "chopping list")
    with pytest.raises(ToolError, match=r"^There is no file called zebra.$"):
        read_file.act(here, "zebra")


@pytest.mark.parametrize("said", ["../outside.txt", "/etc/passwd", "link", ".secret", "pipe", "way/outside"])
def test_nothing_outside_the_folder_can_be_read(here, said, tmp_path):
    """Not by its path, not through a link, and nothing that is no plain file."""
    (tmp_path / "outside.txt").write_text("out of bounds")
    put(here, ".secret", "hidden")
    (here.workspace / "link").symlink_to(tmp_path / "outside.txt")
    (here.workspace / "way").symlink_to(tmp_path)
    os.mkfifo(here.workspace / "pipe")
    with pytest.raises(ToolError, match="There is no file called"):
        read_file.act(here, said)


def test_long_files_are_begun_and_said_to_go_on(here):
    """Eighty words are enough to hear."""
    put(here, "essay.txt", "word " * 500)
    result = read_file.act(here, "essay")
    assert result.say.count("word") == 80
    assert result.say.endswith("There is more; that was the beginning.")
    assert result.untrusted


def test_what_is_no_text_is_not_read_aloud(here):
    """Zero bytes and control characters are for programs."""
    put(here, "photo.jpg", b"\xff\xd8\x00\x00")
    put(here, "odd", bytes(range(1, 32)) * 9)
    put(here, "empty.txt", "")
    put(here, "old.txt", "caf\xe9".encode("latin-1"))
    for name in ("photo", "odd"):
        with pytest.raises(ToolError, match="not a text file"):
            read_file.act(here, name)
    assert read_file.act(here, "empty").say == "empty.txt is empty."
    assert read_file.act(here, "old").say == "In old.txt it says: café."


def test_files_are_found_by_name_and_by_what_they_hold(here):
    """Names come first; a single hit in a text is quoted."""
    put(here, "boiler manual.txt", "press twice")
    put(here, "notes.txt", "one\nThe boiler code is 4711.\n")
    put(here, "picture.png", b"\0boiler")
    assert find_files.act(here, "boiler").say == "I found 2 files: boiler manual.txt and notes.txt."
    assert find_files.act(here, "Boiler code").say == "I found notes.txt. It says: The boiler code is 4711."
    assert find_files.act(here, "zebra").say == "I found no file about zebra."
    assert find_files.act(here, "boiler").untrusted
    with pytest.raises(ToolError, match="Which words"):
        find_files.act(here, "...")


def test_adding_asks_with_the_real_name_of_the_file(here):
    """And changes nothing before the answer."""
    path = put(here, "shopping-list.txt", "eggs\n")
    assert write_file.act(here, "my shopping list", "milk").question == "Add 'milk' to shopping-list.txt?"
    assert path.read_text() == "eggs\n"


def test_a_new_file_is_called_new_and_the_nearest_is_named(here):
    """So that a misheard name is noticed."""
    put(here, "shopping-list.txt")
    assert write_file.act(here, "diary", "snow").question == "There is no diary.txt yet. Make it, with 'snow' in it?"
    misheard = write_file.act(here, "chopping list", "milk").question
    assert misheard.startswith("There is no chopping list.txt yet. The nearest is shopping-list.txt. Make it")


def test_a_line_is_appended_and_the_receipt_names_the_file(here):
    """The line before it is ended first."""
    path = put(here, "shopping-list.txt", "eggs")
    assert done(here, "shopping list", "milk\nand\x07 more").say == "I wrote 'milk and more' in shopping-list.txt."
    assert path.read_text() == "eggs\nmilk and more\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("- eggs\n", "- eggs\n- milk\n"),
        ("# Buy\n* eggs", "# Buy\n* eggs\n* milk\n"),
        ("- [x] eggs\n", "- [x] eggs\n- [ ] milk\n"),
        ("eggs\r\n", "eggs\r\nmilk\r\n"),
        ("a - b\n", "a - b\nmilk\n"),
        ("", "milk\n"),
    ],
)
def test_a_line_is_added_in_the_manner_of_the_file(here, before, after):
    """Its bullets and its line ends."""
    path = put(here, "list.md", before)
    done(here, "list", "milk")
    assert path.read_bytes() == after.encode()


def test_a_new_file_is_made_with_its_suffix(here, tmp_path):
    """In the folder itself, which is made when it is missing."""
    fresh = replace(here, workspace=tmp_path / "not yet")
    done(fresh, "ideas", "paint the shed")
    done(fresh, "plan dot md", "first")
    assert {p.name: p.read_text() for p in fresh.workspace.iterdir()} == {
        "ideas.txt": "paint the shed\n",
        "plan.md": "first\n",
    }


def test_the_same_call_adds_once_and_a_new_one_again(here):
    """A plan that is carried out twice finds its line there."""
    path = put(here, "list.txt", "eggs\n")
    plan = write_file.act(here, "list", "milk")
    assert add_text(here, **plan.arguments).say == add_text(here, **plan.arguments).say
    assert path.read_text() == "eggs\nmilk\n"
    done(here, "list", "milk")
    assert path.read_text() == "eggs\nmilk\nmilk\n"


def test_a_file_that_changed_while_asking_is_left_alone(here):
    """Also one that was made, or is gone, meanwhile."""
    path = put(here, "list.txt", "eggs\n")
    plan, fresh = write_file.act(here, "list", "milk"), write_file.act(here, "new", "milk")
    path.write_text("eggs\nbread\n")
    put(here, "new.txt", "theirs")
    for asked in (plan, fresh):
        with pytest.raises(ToolError, match="changed in the meantime"):
            add_text(here, **asked.arguments)
    assert path.read_text() == "eggs\nbread\n"
    assert (here.workspace / "new.txt").read_text() == "theirs"


@pytest.mark.parametrize("name", ["", "...", "../evil", "/tmp/evil", "a\\b"])
def test_a_new_name_cannot_lead_elsewhere(here, name):
    """Only a plain name makes a file."""
    with pytest.raises(ToolError, match="just a name"):
        write_file.act(here, name, "x")


@pytest.mark.parametrize("path", ["../evil.txt", "/tmp/evil.txt", "way/evil.txt"])
def test_a_plan_that_leads_elsewhere_is_not_carried_out(here, path, tmp_path):
    """Even if the plan itself was tampered with."""
    (here.workspace / "way").symlink_to(tmp_path)
    arguments = write_file.act(here, "evil", "x").arguments
    with pytest.raises(ToolError, match="nothing was changed"):
        add_text(here, **{**arguments, "path": path})
    assert not (tmp_path / "evil.txt").exists()


def test_what_is_no_text_is_not_added_to(here):
    """Nor programs, read-only files, and files without end; and something must be said."""
    put(here, "photo.jpg", b"\0")
    put(here, "run.sh", "echo\n")
    put(here, "old.txt", "caf\xe9".encode("latin-1"))
    put(here, "huge.txt", "x" * 1_000_001)
    put(here, "locked.txt", "x").chmod(0o444)
    for name in ("photo jpg", "run sh", "huge", "old"):
        with pytest.raises(ToolError, match="not a file I can add text to"):
            write_file.act(here, name, "x")
    with pytest.raises(ToolError, match=r"could not write locked\.txt"):
        done(here, "locked", "x")
    with pytest.raises(ToolError, match="What shall I write"):
        write_file.act(here, "list", "\x07 ")


def test_a_file_keeps_its_mode_and_leaves_nothing_beside_it(here):
    """Private notes stay private."""
    path = put(here, "diary.txt", "x\n")
    path.chmod(0o600)
    done(here, "diary", "y")
    assert path.stat().st_mode & 0o777 == 0o600
    assert sorted(p.name for p in here.workspace.iterdir()) == ["diary.txt", "recipes"]

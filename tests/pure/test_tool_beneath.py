"""Opening files beneath one folder, by the kernel's promise and by walking."""

import os
import threading

import pytest

from nearfield_tools import beneath


@pytest.fixture
def root(tmp_path):
    """A folder with a file, a folder, links in every direction, a pipe, and a secret outside."""
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret").write_text("secret")
    root = tmp_path / "root"
    (root / "sub").mkdir(parents=True)
    (root / "a.txt").write_text("hello")
    (root / "sub" / "b.txt").write_text("below")
    (root / "out").symlink_to("../outside")
    (root / "absolute").symlink_to(tmp_path / "outside" / "secret")
    (root / "within").symlink_to("a.txt")
    (root / "loop").symlink_to("loop")
    os.mkfifo(root / "pipe")
    return root


WAYS = [beneath._open_by_parts] + ([beneath._open_at_once] if beneath._kernel_can() else [])
ESCAPES = ["../outside/secret", "/etc/passwd", "out/secret", "absolute", "sub/../../outside/secret", "./out/../a.txt",
           "/proc/self/root/etc/passwd", "within", "loop", "..", "sub/..//../outside/secret"]  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", ESCAPES)
def test_no_name_leads_out_of_the_folder_or_through_a_link(root, way, name):
    """Whether the kernel checks it or the way is walked."""
    top = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        with pytest.raises(OSError):
            os.close(way(top, name, os.O_RDONLY | os.O_NONBLOCK))
    finally:
        os.close(top)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("name", "text"), [("a.txt", "hello"), ("sub/b.txt", "below"), ("./a.txt", "hello")])
def test_what_lies_beneath_is_opened(root, way, name, text):
    """By either way."""
    top = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        with os.fdopen(way(top, name, os.O_RDONLY)) as file:
            assert file.read() == text
    finally:
        os.close(top)


@pytest.mark.parametrize("name", ["pipe", "sub", ".", "/dev/null", "a\0b", "out/secret"])
def test_only_regular_files_are_read(root, name):
    """A pipe does not block, a folder is no file, a zero byte is no name."""
    with pytest.raises(beneath.EscapeError):
        beneath.read(root, name, 100)


def test_reading_stops_where_it_is_told_to(root):
    """However long the file is."""
    assert beneath.read(root, "a.txt", 2) == b"he"


def test_what_is_not_there_is_not_found(root):
    """The ordinary error, not an escape."""
    with pytest.raises(FileNotFoundError):
        beneath.read(root, "sub/none.txt", 10)


def test_a_folder_swapped_for_a_link_never_leaks(root):
    """While a thread swaps them as fast as it can, what is read is from inside or nothing."""
    (root / "sub" / "secret").write_text("inside")
    stop = threading.Event()

    def swap():
        while not stop.is_set():
            (root / "sub").rename(root / "aside")
            (root / "sub").symlink_to("../outside")
            (root / "sub").unlink()
            (root / "aside").rename(root / "sub")

    swapper = threading.Thread(target=swap)
    swapper.start()
    seen = set()
    try:
        for _ in range(3000):
            try:
                seen.add(beneath.read(root, "sub/secret", 100))
            except OSError:
                seen.add(None)
    finally:
        stop.set()
        swapper.join()
    assert b"secret" not in seen
    assert beneath.read(root, "sub/secret", 100) == b"inside"


def test_a_new_file_never_overwrites(root):
    """And a failed write leaves nothing behind."""
    with pytest.raises(FileExistsError):
        beneath.write(root, "a.txt", b"new", replace=None)
    with pytest.raises(FileExistsError):
        beneath.write(root, "within", b"new", replace=None)
    assert (root / "a.txt").read_text() == "hello"
    assert not [p for p in root.iterdir() if p.name.startswith(".")]


def test_a_file_is_replaced_only_while_it_holds_what_was_read(root):
    """Someone else's change wins."""
    beneath.write(root, "a.txt", b"hello you", replace=b"hello")
    with pytest.raises(FileExistsError):
        beneath.write(root, "a.txt", b"other", replace=b"hello")
    assert (root / "a.txt").read_text() == "hello you"


@pytest.mark.parametrize("name", ["../new", "out/new", "/tmp/new", "within", "pipe"])
def test_nothing_is_written_outside_or_through_a_link(root, name, tmp_path):
    """Nor into a pipe."""
    with pytest.raises(OSError):
        beneath.write(root, name, b"x", replace=b"hello")
    assert not (tmp_path / "new").exists()
    assert not (tmp_path / "outside" / "new").exists()


def test_walking_finds_files_and_folders_nearest_first(root):
    """Without links, pipes and hidden files, and not deeper or longer than told."""
    (root / ".hidden").write_text("x")
    found = [str(e.path) for e in beneath.walk(root, deep=3, most=99)]
    assert found == ["a.txt", "sub", "sub/b.txt"]
    assert len(list(beneath.walk(root, deep=1, most=99))) == 2
    assert len(list(beneath.walk(root, deep=3, most=1))) == 1
    assert list(beneath.walk(root / "none", deep=3, most=9)) == []

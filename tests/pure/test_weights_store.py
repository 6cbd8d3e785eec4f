"""The store: what an engine is given, and what it is told when there is nothing good to give."""

import hashlib
import io
import os
import time

import pytest

from nearfield.errors import WeightsError
from nearfield.weights import Model, Store, pull
from nearfield.weights.catalogue import File
from nearfield.weights.progress import TerminalProgress, readable

CONTENT = {"a.bin": b"first weights" * 1000, "b.json": b"{}"}


@pytest.fixture
def model():
    files = tuple(File(name, len(data), hashlib.sha256(data).hexdigest()) for name, data in CONTENT.items())
    return Model(name="small", kind="ears", title="Small ears", licence="MIT", files=files, sources=())


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "weights")


def fill(store, model, names=tuple(CONTENT)):
    store.folder(model).mkdir(parents=True, exist_ok=True)
    for name in names:
        (store.folder(model) / name).write_bytes(CONTENT[name])


def test_find(store, model):
    """Finding gives every file's place by its name."""
    fill(store, model)
    assert store.find(model) == {name: store.folder(model) / name for name in CONTENT}


def test_find_nothing(store, model):
    """Finding what is not here says which command brings it, and makes no folder."""
    with pytest.raises(WeightsError, match=r"^Small ears is not here; run: nearfield models pull small$"):
        store.find(model)
    assert not store.root.exists()


def test_find_half(store, model):
    """Finding a model of which a file is missing says that it is not all here."""
    fill(store, model, ["a.bin"])
    with pytest.raises(WeightsError, match="not all here; run: nearfield models pull small"):
        store.find(model)


def test_find_damaged(store, model):
    """Finding a damaged file names it and says how to fetch it again."""
    fill(store, model)
    (store.folder(model) / "b.json").write_bytes(b"[]")
    with pytest.raises(WeightsError, match=r"b\.json is damaged; to fetch it again, run: nearfield models pull small"):
        store.find(model)


def test_damage_after_the_stamp(store, model):
    """A file that changes after it was checked is hashed again and found damaged, though its size is the same."""
    fill(store, model)
    store.find(model)
    path = store.folder(model) / "a.bin"
    path.write_bytes(CONTENT["a.bin"].replace(b"first", b"worst"))
    os.utime(path, ns=(0, 1))
    with pytest.raises(WeightsError, match="damaged"):
        store.find(model)
    assert store.state(model) == "damaged"


def test_stamp_spares_the_hash(store, model):
    """A file whose size, time and inode are as when it was checked is not hashed again; a full check still is."""
    fill(store, model)
    store.find(model)
    path = store.folder(model) / "a.bin"
    before = path.stat()
    with path.open("r+b") as file:
        file.write(b"worst")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert store.find(model)
    assert store.verify(model) == {"a.bin": "damaged", "b.json": "ok"}
    assert store.state(model) == "damaged"


def test_touched_file(store, model):
    """A file whose time changed but whose bytes did not is found good again."""
    fill(store, model)
    store.find(model)
    os.utime(store.folder(model) / "a.bin")
    assert store.state(model) == "ready"


@pytest.mark.parametrize("rubbish", [b"{", b"\xff\xfe", b"[]", b"[" * 100_000, b'{"small/a.bin": 3}', b""])
def test_corrupt_stamps(store, model, rubbish):
    """Stamps that are rubbish only cost the time of hashing."""
    fill(store, model)
    (store.root / "verified.json").write_bytes(rubbish)
    assert store.state(model) == "ready"


def test_unwritable_stamps(store, model):
    """Stamps that cannot be kept only cost the time of hashing, and leave nothing lying about."""
    fill(store, model)
    (store.root / "verified.json").mkdir()
    assert store.state(model) == "ready"
    assert sorted(path.name for path in store.root.iterdir()) == ["small", "verified.json"]


def test_quick_start(store):
    """With a stamp, finding a large file takes milliseconds, not the time of hashing it."""
    data = bytes(64 << 20)
    large = File("large.bin", len(data), hashlib.sha256(data).hexdigest())
    model = Model(name="large", kind="ears", title="Large", licence="MIT", files=(large,), sources=())
    store.folder(model).mkdir(parents=True)
    (store.folder(model) / "large.bin").write_bytes(data)
    store.find(model)
    fastest = min(_timed(lambda: store.find(model)) for _ in range(5))
    assert fastest < 0.01


def _timed(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def test_states(store, model):
    """A model is missing, then partial (a file, or only a begun one), then ready."""
    assert store.state(model) == "missing"
    fill(store, model, [])
    store.part(model, model.files[0]).write_bytes(b"begun")
    assert store.state(model) == "partial"
    fill(store, model, ["b.json"])
    assert store.state(model) == "partial"
    fill(store, model)
    assert store.state(model) == "ready"


def test_unreadable(store, model):
    """A file that cannot be looked at is reported in a sentence."""
    store.root.mkdir(parents=True)
    (store.root / "small").symlink_to("small")
    assert store.state(model) == "missing"
    long = Model(name="x" * 300, kind="ears", title="Long", licence="MIT", files=model.files, sources=())
    with pytest.raises(WeightsError, match=r"cannot be read \(File name too long\)"):
        store.find(long)


def test_verify_reports_each_file(store, model):
    """Verifying reports every file and how far it is."""
    fill(store, model, ["a.bin"])
    seen = []
    assert store.verify(model, lambda *step: seen.append(step)) == {"a.bin": "ok", "b.json": "missing"}
    assert seen[-1] == ("small", "a.bin", 13_000, 13_000)


def test_pull_of_what_is_here(store, model):
    """Pulling what is here and good does nothing, and needs no source and no lock file."""
    fill(store, model)
    assert pull(model, store) == ()
    assert not (store.root / ".lock").exists()


def test_two_pulls(store, model):
    """While one pull runs another one is refused, and allowed again afterwards."""
    with store.lock(), pytest.raises(WeightsError, match="already; wait"):
        pull(model, store)
    with store.lock():
        pass


def test_progress_on_a_terminal():
    """A terminal shows one line that is redrawn and ended when the file is complete."""
    stream = io.StringIO()
    stream.isatty = lambda: True
    progress = TerminalProgress(stream)
    progress("small", "a.bin", 500_000, 2_000_000)
    progress("small", "a.bin", 600_000, 2_000_000)
    progress("small", "a.bin", 2_000_000, 2_000_000)
    progress("small", "b.json", 1, 2)
    progress.close()
    shown = stream.getvalue().replace("\x1b[K", "").split("\n")
    assert shown == [
        "\rsmall a.bin   25 %  500.0 kB of 2.0 MB\rsmall a.bin  100 %  2.0 MB of 2.0 MB",
        "\rsmall b.json   50 %  0.0 kB of 0.0 kB",
        "",
    ]


def test_progress_in_a_log():
    """Elsewhere there is a line for every tenth, beginning where a resumed file stands."""
    stream = io.StringIO()
    progress = TerminalProgress(stream)
    for done in range(3_500_000, 10_000_001, 50_000):
        progress("small", "a.bin", done, 10_000_000)
    lines = stream.getvalue().splitlines()
    assert [line.split()[2] for line in lines] == ["40", "50", "60", "70", "80", "90", "100"]


def test_speed_is_shown_after_a_while():
    """After half a second the line tells the speed of this attempt."""
    stream = io.StringIO()
    progress = TerminalProgress(stream)
    progress("small", "a.bin", 5_000_000, 10_000_000)
    time.sleep(0.55)
    progress("small", "a.bin", 10_000_000, 10_000_000)
    assert stream.getvalue().rstrip().endswith("MB/s")


@pytest.mark.parametrize(("size", "text"), [(0, "0.0 kB"), (2_309, "2.3 kB"), (491_400_064, "491.4 MB")])
def test_sizes(size, text):
    """Sizes are read in decimal units."""
    assert readable(size) == text

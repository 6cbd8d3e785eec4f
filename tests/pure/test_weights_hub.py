"""Pulling from the hub: a real server on this machine that is as unreliable as each test asks."""

import hashlib
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from nearfield.errors import WeightsError
from nearfield.weights import Model, Store, pull
from nearfield.weights.catalogue import File, HubSource

DATA = bytes(range(256)) * 4000
FILE = File("a.bin", len(DATA), hashlib.sha256(DATA).hexdigest())
HALF = len(DATA) // 2
COMMIT = "c" * 40


@dataclass
class Hub:
    files: dict = field(default_factory=lambda: {f"/people/ears/resolve/{COMMIT}/a.bin": DATA})
    ranges: bool = True
    tells_size: bool = True
    cuts: list = field(default_factory=list)
    """For each request in turn, how many bytes of the answer are sent; None for all."""
    status: int = 0
    """Answer everything with this."""
    seen: list = field(default_factory=list)
    """(path, Range header) of every request."""


@pytest.fixture
def hub(monkeypatch):
    state = Hub()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            state.seen.append((self.path, self.headers["Range"]))
            data = state.files.get(self.path)
            if state.status or data is None:
                self.send_error(state.status or 404)
            elif isinstance(data, str):
                self.send_response(302)
                self.send_header("Location", data)
                self.end_headers()
            else:
                self.give(data)

        def give(self, data):
            start = 0
            if state.ranges and self.headers["Range"]:
                start = int(self.headers["Range"].removeprefix("bytes=").removesuffix("-"))
                if start >= len(data):
                    self.send_error(416)
                    return
                self.send_response(206)
                self.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
            else:
                self.send_response(200)
            if state.tells_size:
                self.send_header("Content-Length", str(len(data) - start))
            self.end_headers()
            cut = state.cuts.pop(0) if state.cuts else None
            self.wfile.write(data[start:][:cut])

        def log_message(self, *args):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        monkeypatch.setenv("NEARFIELD_HUB", f"http://127.0.0.1:{server.server_port}/")
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        yield state
        server.shutdown()
        thread.join()


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "weights")


def ears(file=FILE, repos=("people/ears",), **source):
    sources = tuple(HubSource("hub", repo, COMMIT, **source) for repo in repos)
    return Model(name="small", kind="ears", title="Small ears", licence="MIT", files=(file,), sources=sources)


def begin(store, data):
    store.folder(ears()).mkdir(parents=True)
    store.part(ears(), FILE).write_bytes(data)


def names(store):
    return sorted(path.name for path in store.folder(ears()).iterdir())


def test_full_pull(hub, store):
    """A pull brings the file whole, by its pinned commit, and a second pull asks for nothing."""
    assert pull(ears(), store) == ("a.bin",)
    assert store.find(ears())["a.bin"].read_bytes() == DATA
    assert hub.seen == [(f"/people/ears/resolve/{COMMIT}/a.bin", None)]
    assert pull(ears(), store) == ()
    assert len(hub.seen) == 1
    assert names(store) == ["a.bin"]
    assert sorted(path.name for path in store.root.iterdir()) == [".lock", "small", "verified.json"]


def test_path_in_the_repository(hub, store):
    """A file may have another place in the repository, written with whatever letters it has."""
    hub.files = {f"/people/ears/resolve/{COMMIT}/en/a%20b.bin": DATA}
    pull(ears(paths={"a.bin": "en/a b.bin"}), store)
    assert store.state(ears()) == "ready"


def test_redirect(hub, store):
    """Redirects are followed, also when going on with a part."""
    hub.files = {f"/people/ears/resolve/{COMMIT}/a.bin": "/elsewhere", "/elsewhere": DATA}
    begin(store, DATA[:HALF])
    pull(ears(), store)
    assert store.state(ears()) == "ready"
    assert hub.seen[-1] == ("/elsewhere", f"bytes={HALF}-")


def test_progress(hub, store):
    """Progress is told in bytes of the file, never backwards, to the end."""
    steps = []
    pull(ears(), store, lambda model, file, done, total: steps.append((model, file, done, total)))
    assert steps[-1] == ("small", "a.bin", len(DATA), len(DATA))
    assert [step[2] for step in steps] == sorted(step[2] for step in steps)


def test_resume_of_an_earlier_pull(hub, store):
    """What an earlier pull left is not fetched again."""
    begin(store, DATA[:HALF])
    pull(ears(), store)
    assert hub.seen[0][1] == f"bytes={HALF}-"
    assert store.state(ears()) == "ready"
    assert names(store) == ["a.bin"]


def test_server_closes_half_way(hub, store):
    """A connection that breaks off is taken up again in the same pull."""
    hub.cuts = [HALF, 1000]
    pull(ears(), store)
    assert [asked for _, asked in hub.seen] == [None, f"bytes={HALF}-", f"bytes={HALF + 1000}-"]
    assert store.state(ears()) == "ready"


def test_interrupted_by_the_user(hub, store):
    """Ctrl-C leaves a part, from which the next pull goes on."""

    def impatient(model, file, done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pull(ears(), store, impatient)
    assert store.state(ears()) == "partial"
    left = store.part(ears(), FILE).stat().st_size
    assert left > 0
    pull(ears(), store)
    assert hub.seen[-1][1] == f"bytes={left}-"
    assert store.state(ears()) == "ready"


def test_server_without_ranges(hub, store):
    """A server that ignores Range is read from the beginning."""
    hub.ranges = False
    begin(store, b"?" * HALF)
    pull(ears(), store)
    assert store.state(ears()) == "ready"
    assert len(hub.seen) == 1


def test_server_that_never_ends(hub, store):
    """A server that breaks off at the same byte each time is given up, and the part is kept."""
    hub.ranges = False
    hub.cuts = [HALF] * 9
    with pytest.raises(WeightsError, match=f"broke off after {HALF} of {len(DATA)} bytes"):
        pull(ears(), store)
    assert len(hub.seen) == 2
    assert names(store) == ["a.bin.part"]


def test_part_longer_than_the_file(hub, store):
    """A part that is longer than the file cannot be a part of it and is begun anew."""
    begin(store, DATA + b"more")
    pull(ears(), store)
    assert store.state(ears()) == "ready"


def test_whole_part(hub, store):
    """A part that was complete when the pull was killed is only checked."""
    begin(store, DATA)
    pull(ears(), store)
    assert hub.seen == []
    assert store.state(ears()) == "ready"


def test_part_with_wrong_bytes(hub, store):
    """If what an earlier attempt left is wrong, the file is fetched from its beginning."""
    begin(store, b"?" * HALF)
    pull(ears(), store)
    assert [asked for _, asked in hub.seen] == [f"bytes={HALF}-", None]
    assert store.state(ears()) == "ready"


def test_damaged_file_is_replaced(hub, store):
    """Pulling over a damaged file puts the good one in its place."""
    store.folder(ears()).mkdir(parents=True)
    store.file(ears(), FILE).write_bytes(b"?" * len(DATA))
    assert pull(ears(), store) == ("a.bin",)
    assert store.state(ears()) == "ready"


def test_wrong_bytes_keep_nothing(hub, store):
    """Bytes of the right size but another sha256 are thrown away, and the sentence says what can be done."""
    hub.files = {f"/people/ears/resolve/{COMMIT}/a.bin": DATA[::-1]}
    with pytest.raises(WeightsError, match=r"another sha256.*nearfield models pull small --from FOLDER") as refusal:
        pull(ears(), store)
    assert "\n" not in str(refusal.value)
    assert names(store) == []
    assert store.state(ears()) == "missing"


def test_next_source_after_wrong_bytes(hub, store):
    """After a source with wrong bytes the next one is asked."""
    hub.files[f"/crooks/ears/resolve/{COMMIT}/a.bin"] = DATA[::-1]
    pull(ears(repos=("crooks/ears", "people/ears")), store)
    assert store.state(ears()) == "ready"


def test_next_source_goes_on(hub, store):
    """A source that fails half way leaves its bytes to the next one."""
    hub.files[f"/short/ears/resolve/{COMMIT}/a.bin"] = DATA
    hub.cuts = [HALF, 0]
    pull(ears(repos=("short/ears", "people/ears")), store)
    assert hub.seen[-1] == (f"/people/ears/resolve/{COMMIT}/a.bin", f"bytes={HALF}-")
    assert store.state(ears()) == "ready"


def test_a_source_that_failed_is_asked_last(hub, store):
    """For the second file, the source that failed with the first one is not the first to be asked."""
    other = File("b.bin", 3, hashlib.sha256(b"abc").hexdigest())
    hub.files[f"/people/ears/resolve/{COMMIT}/b.bin"] = b"abc"
    sources = tuple(HubSource("hub", repo, COMMIT) for repo in ("gone/ears", "people/ears"))
    model = Model(name="small", kind="ears", title="", licence="", files=(FILE, other), sources=sources)
    pull(model, store)
    assert [path.split("/")[1] for path, _ in hub.seen] == ["gone", "people", "people"]


@pytest.mark.parametrize(
    ("status", "words"),
    [(404, "does not exist"), (401, "not open to everyone"), (503, "too busy"), (429, "too busy"), (400, "refused")],
)
def test_refusals(hub, store, status, words):
    """What the server refuses is said in one sentence, with the address."""
    hub.status = status
    with pytest.raises(WeightsError, match=rf"a\.bin {words}|{words} .*HTTP {status}") as refusal:
        pull(ears(), store)
    assert f"/people/ears/resolve/{COMMIT}/a.bin" in str(refusal.value)
    assert f"HTTP {status}" in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_another_size(hub, store):
    """A file of another size is refused before a byte of it is kept."""
    hub.files = {f"/people/ears/resolve/{COMMIT}/a.bin": b"<html>sign in here</html>"}
    with pytest.raises(WeightsError, match="has 25 bytes where the catalogue says 1024000"):
        pull(ears(), store)
    assert names(store) == []


def test_endless_answer(hub, store):
    """An answer of untold length is cut when it becomes longer than the file."""
    hub.tells_size = False
    hub.files = {f"/people/ears/resolve/{COMMIT}/a.bin": DATA * 2}
    with pytest.raises(WeightsError, match="longer than the 1024000 bytes"):
        pull(ears(), store)


def test_answer_of_untold_length(hub, store):
    """An answer of untold length is taken if it is the right one."""
    hub.tells_size = False
    pull(ears(), store)
    assert store.state(ears()) == "ready"


def test_range_refused(hub, store):
    """A server whose file ends before our part is asked for all of it, and its size then tells."""
    hub.files = {f"/people/ears/resolve/{COMMIT}/a.bin": b"short"}
    begin(store, DATA[:HALF])
    with pytest.raises(WeightsError, match="has 5 bytes where"):
        pull(ears(), store)
    assert [asked for _, asked in hub.seen] == [f"bytes={HALF}-", None]

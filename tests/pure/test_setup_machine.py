"""`make setup`: what it decides and what it says. Nothing is installed or fetched here."""

import io
import subprocess
import sys
import time
from pathlib import Path

import pytest

import setup_machine
import setup_pip
from setup_machine import COMPILER, FATAL, PORTAUDIO, apt_command, check_room, fingerprint, install_hint, too_old
from setup_pip import Meter, SetupError, advice, compiled, mentioned, pinned

ROOT = Path(setup_machine.__file__).parent.parent


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A checkout of its own, with a .venv that is as good as set up."""
    venv = tmp_path / ".venv"
    (venv / "bin").mkdir(parents=True)
    (venv / "bin" / "python").symlink_to(sys.executable)
    (venv / "bin" / "pip").write_text(f"#!{venv}/bin/python\n")
    (venv / "bin" / "nearfield").touch()
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    (tmp_path / "constraints.txt").write_text("numpy==2.4.6\n")
    for name, value in {"ROOT": tmp_path, "VENV": venv, "CONSTRAINTS": tmp_path / "constraints.txt"}.items():
        monkeypatch.setattr(setup_machine, name, value)
    monkeypatch.setattr(setup_machine, "STAMP", venv / "setup.stamp")
    return tmp_path


def stamp():
    files = [setup_machine.ROOT / "pyproject.toml", setup_machine.CONSTRAINTS]
    return fingerprint(files, str(setup_machine.VENV))


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_old_python():
    """An old Python is told in one sentence which one is needed, and what to do."""
    assert too_old((3, 9, 18)) == (
        "Nearfield needs Python 3.11 or newer and this one is 3.9; install a newer python3 and run `make setup` again."
    )


@pytest.mark.parametrize("file", ["setup_machine.py", "setup_pip.py"])
def test_old_python_can_read_it(file):
    """The files hold no syntax that Python 3.8 lacks; otherwise it would end in a SyntaxError instead of a sentence."""
    compile((ROOT / "agent" / file).read_text(), file, "exec", flags=0x400, _feature_version=8)


def test_newer_python_must_run(tmp_path, monkeypatch):
    """A python3.13 on the PATH that does not start is passed over for the next one that does."""
    (tmp_path / "python3.13").write_text("#!/bin/sh\nexit 127\n")
    (tmp_path / "python3.12").write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    for file in tmp_path.iterdir():
        file.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert setup_machine.newer_python() == str(tmp_path / "python3.12")
    (tmp_path / "python3.12").unlink()
    assert setup_machine.newer_python() is None


def test_no_compiler(monkeypatch):
    """Without a compiler, and without a way to install one, one line says what is needed."""
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("CXX", raising=False)
    assert not COMPILER.here()
    assert (
        install_hint([COMPILER], apt=True)
        == "Nearfield needs a C++ compiler; install it with: sudo apt-get install g++"
    )
    with pytest.raises(SetupError, match=r"^Nearfield needs a C\+\+ compiler; install it with your package manager$"):
        setup_machine.find_system_packages()


def test_compiler_of_ones_own(tmp_path, monkeypatch):
    """Any C++ compiler will do, also one that is only named in CXX."""
    (tmp_path / "icpx").touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("CXX", "icpx -O2")
    assert COMPILER.here()


def test_several_missing():
    """All that is missing is named at once."""
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    assert install_hint(FATAL, apt=True) == (
        "Nearfield needs a C++ compiler and Python's venv module; "
        f"install them with: sudo apt-get install g++ python{version}-venv"
    )


def test_portaudio_is_only_a_warning(monkeypatch, capsys):
    """Without PortAudio the setup goes on, and says what will not work."""
    monkeypatch.setattr(setup_machine, "FATAL", ())
    monkeypatch.setattr(setup_machine, "apt_command", lambda **_: None)
    monkeypatch.setattr(
        setup_machine, "PORTAUDIO", setup_machine.Part(PORTAUDIO.what, PORTAUDIO.package, lambda: False)
    )
    setup_machine.find_system_packages()
    said = capsys.readouterr().err
    assert said.startswith("Nearfield needs PortAudio; install it with")
    assert said.endswith("(only for the live microphone and speaker; all else works without)\n")


@pytest.mark.parametrize(
    ("programs", "root", "no_password", "start"),
    [
        ({"apt-get"}, True, False, "env"),
        ({"apt-get", "sudo"}, False, True, "sudo"),
        ({"apt-get", "sudo"}, False, False, None),
        ({"apt-get"}, False, True, None),
        ({"dnf", "sudo"}, True, True, None),
    ],
)
def test_who_may_install(programs, root, no_password, start):
    """System packages are installed by root or by a sudo that asks for nothing, on Debian's kin; never otherwise."""
    command = apt_command(
        root=root, sudo_works=lambda: no_password, which=lambda name: name if name in programs else None
    )
    assert (command[0] if command else None) == start


class Usage:
    def __init__(self, free):
        self.free = free


def test_room(tmp_path, monkeypatch):
    """A full disk is told before anything is fetched; what lies there already is not asked for again."""
    monkeypatch.setattr(setup_machine.shutil, "disk_usage", lambda _: Usage(2_500_000_000))
    with pytest.raises(SetupError, match=r"needs 3\.0 GB on the disk of .*and 2\.5 GB are free"):
        check_room({tmp_path / "not" / "there" / "yet": 3_000_000_000})
    with pytest.raises(SetupError, match=r"needs 3\.0 GB"):
        check_room({tmp_path / "a": 2_000_000_000, tmp_path / "b": 1_000_000_000})
    monkeypatch.setattr(setup_machine, "size", lambda _: 900_000_000)
    check_room({tmp_path: 3_000_000_000})


def test_complete(checkout):
    """A setup that came to its end is known by its stamp; new requirements make it incomplete again."""
    assert not setup_machine.complete(stamp())
    (checkout / ".venv" / "setup.stamp").write_text(stamp())
    assert setup_machine.complete(stamp())
    (checkout / "constraints.txt").write_text("numpy==2.4.7\n")
    assert not setup_machine.complete(stamp())


@pytest.mark.parametrize("broken", ["pip", "python", "nearfield"])
def test_half_made_venv(checkout, broken):
    """A .venv that lost a part of itself is not taken for complete, whatever its stamp says."""
    (checkout / ".venv" / "setup.stamp").write_text(stamp())
    (checkout / ".venv" / "bin" / broken).unlink()
    assert not setup_machine.complete(stamp())


def test_moved_checkout(checkout):
    """A .venv whose scripts start the Python of another place is made again."""
    assert setup_machine.venv_works()
    pip = checkout / ".venv" / "bin" / "pip"
    pip.write_text("#!/some/where/else/.venv/bin/python\n")
    assert not setup_machine.venv_works()
    # How pip starts its scripts where a plain first line will not do: long paths, and those with a space.
    pip.write_text(f"""#!/bin/sh\n'''exec' "{checkout}/.venv/bin/python" "$0" "$@"\n""")
    assert setup_machine.venv_works()


def test_nothing_to_do_is_silent(checkout, monkeypatch, capsys):
    """A second setup prints nothing and installs nothing."""
    (checkout / ".venv" / "setup.stamp").write_text(stamp())
    monkeypatch.setattr(setup_machine, "find_system_packages", lambda: pytest.fail("looked for system packages"))
    assert setup_machine.main(["--without-weights"]) == 0
    assert capsys.readouterr() == ("", "")


def test_failure_is_a_sentence(checkout, monkeypatch, capsys):
    """What stops the setup is told in one sentence, with exit code 2."""

    def fail():
        raise SetupError("There is no compiler.")

    monkeypatch.setattr(setup_machine, "find_system_packages", fail)
    assert setup_machine.main(["--without-weights"]) == 2
    assert capsys.readouterr() == ("", "There is no compiler.\n")


def test_interrupted(checkout, monkeypatch, capsys):
    """Ctrl-C ends in one line and exit code 130."""

    def interrupt():
        raise KeyboardInterrupt

    monkeypatch.setattr(setup_machine, "find_system_packages", interrupt)
    assert setup_machine.main(["--without-weights"]) == 130
    assert capsys.readouterr().err == "\nStopped; `make setup` goes on from here.\n"


@pytest.mark.parametrize(
    ("line", "share"),
    [
        ("  [12/48] Building CXX object vendor/llama.cpp/src/llama.cpp.o\n", 0.25),
        ("[48/48] Linking CXX shared library bin/libllama.so", 1.0),
        ("[ 37%] Building C object ggml/src/ggml.c.o", 0.37),
        ("  -- Detecting CXX compiler features - done", None),
        ("  [0/0] nothing", None),
        ("  copying [1/2] things", None),
    ],
)
def test_compiled(line, share):
    """ninja's and make's own counts tell how far the compilation is; other lines tell nothing."""
    assert compiled(line) == share


def test_mentioned():
    """pip's lines name the packages it has found, however their names are written."""
    assert mentioned("Collecting langgraph<2,>=1.2.22 (from nearfield==0.1.0)\n") == "langgraph"
    assert mentioned("Requirement already satisfied: PyYAML>=6 in ./x (from nearfield==0.1.0)") == "pyyaml"
    assert mentioned("Requirement already satisfied: typing_extensions~=4.12 in ./x") == "typing-extensions"
    assert (
        mentioned("Processing /media/stick/typing_extensions-4.16.0-py3-none-any.whl (from x)") == "typing-extensions"
    )
    assert mentioned("Processing ./nearfield\n") is None
    assert mentioned("  Downloading numpy-2.4.6.whl (16.9 MB)") is None


def test_constraints_pin_everything():
    """Every line of constraints.txt pins one exact version, in alphabetical order."""
    lines = [line for line in (ROOT / "constraints.txt").read_text().splitlines() if not line.startswith("#")]
    assert pinned("\n".join(lines)) == [line.split("==")[0] for line in lines]
    assert lines == sorted(set(lines))


@pytest.mark.parametrize(
    ("output", "word"),
    [
        ("c++: fatal error: Killed signal terminated program cc1plus", "memory"),
        ("OSError: [Errno 28] No space left on device", "disk"),
        ("CMake Error: No CMAKE_CXX_COMPILER could be found.", "compiler"),
        ("Temporary failure in name resolution\nERROR: No matching distribution found for numpy==2.4.6", "network"),
        ("error: something nobody has thought of", "failed"),
    ],
)
def test_advice(output, word):
    """A failed installation ends in what can be done about it."""
    assert word in advice(output.splitlines())


@pytest.fixture
def pip(tmp_path):
    """Makes a Pip whose Python writes `lines` and ends with `code`."""

    def make(lines, code):
        python = tmp_path / "bin" / "python"
        python.parent.mkdir()
        said = "\n".join(lines)
        python.write_text(f"#!/bin/sh\ncat <<'END'\n{said}\nEND\nexit {code}\n")
        python.chmod(0o755)
        (tmp_path / "constraints.txt").write_text("numpy==2.4.6\n")
        return setup_pip.Pip(tmp_path, tmp_path / "constraints.txt")

    return make


def test_pip_failure(pip, tmp_path, capsys):
    """Of a failed pip the last lines are shown, then the sentence; the log keeps all of it."""
    failing = pip([*map(str, range(1, 101)), "Network is unreachable"], 1)
    with pytest.raises(SetupError) as failure:
        failing.install_project(tmp_path)
    lines = str(failure.value).splitlines()
    assert lines[:2] == ["87", "88"]
    assert lines[-2] == "Network is unreachable"
    assert lines[-1].startswith("The package index cannot be reached; ")
    assert (tmp_path / "setup.log").read_text().startswith("1\n2\n")
    assert capsys.readouterr().out == "Python packages …\n"


def test_compiling_is_announced(pip, capsys):
    """That minutes of compiling begin is said once, and then how far it is."""
    steps = [f"  [{step}/4] Building CXX object x.o" for step in range(1, 5)]
    wheel = "  Building wheel for llama-cpp-python (pyproject.toml)"
    pip([f"{wheel}: started", *steps, f"{wheel}: finished with status 'done'"], 0).build_engine()
    assert capsys.readouterr().out.splitlines() == [
        "Language engine …",
        "It is compiled for this machine, once; 4 to 5 minutes on two cores …",
        *(f"Compiling {percent:3d} %  0:00" for percent in (25, 50, 75, 100)),
    ]


def test_engine_that_pip_has_built_before(pip, capsys):
    """A wheel from pip's cache needs no compiling, so none is announced."""
    pip(["  Using cached llama_cpp_python-0.3.36-py3-none-linux_x86_64.whl"], 0).build_engine()
    assert capsys.readouterr().out == "Language engine …\n"


def test_interrupting_ends_the_compilers():
    """Whatever pip has started ends with it, also when only the setup itself was told to stop."""
    # A background job of sh ignores SIGINT, as a compiler may. The pipe ends when the last process that holds it does.
    script = "sleep 20 & echo started; wait"
    with subprocess.Popen(["sh", "-c", script], stdout=subprocess.PIPE, start_new_session=True, text=True) as child:
        assert child.stdout.readline() == "started\n"
        began = time.monotonic()
        setup_pip.stop(child)
        assert child.stdout.read() == ""
        assert time.monotonic() - began < 10


def test_meter_on_a_terminal():
    """On a terminal one line changes, with the time it has taken."""
    stream = Terminal()
    meter = Meter("Compiling", stream)
    for share in (0.1, None, 0.11, 1.0):
        meter.move(share)
    meter.close()
    assert stream.getvalue() == "\rCompiling  10 %  0:00\x1b[K\rCompiling 100 %  0:00\x1b[K\n"


def test_meter_in_a_log():
    """Elsewhere there is a line for each tenth."""
    stream = io.StringIO()
    meter = Meter("Compiling", stream)
    for step in range(306):
        meter.move(step / 305)
    meter.close()
    percents = [line[len("Compiling") : -len(" %  0:00")].strip() for line in stream.getvalue().splitlines()]
    assert percents == ["10", "20", "30", "40", "50", "60", "70", "80", "90", "100"]

"""The command `nearfield`. Errors become one sentence and an exit code here: 2 for what the user gave, 1 for a failed turn."""

from __future__ import annotations

import argparse
import asyncio
import io
import json
import logging
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from nearfield.config import Config, load_config
from nearfield.errors import InputError, NearfieldError, UserError
from nearfield.home import Home, find_home
from nearfield.machine import calm_threads
from nearfield.ports import Answer
from nearfield.seal.environment import close_telemetry

ABOUT = (
    "An AI that stays in the room: it listens, looks, uses tools on this machine and answers aloud. Nothing leaves it."
)
EXAMPLES = """\
examples:
  nearfield demo                            a conversation from recordings, start to end
  nearfield ask "what is on my calendar tomorrow"
  nearfield ask "put the dentist on friday at ten" --answer yes
  nearfield wav question.wav --out replies  answer a recorded request aloud
  nearfield models list                     which weights there are and which are here
  nearfield doctor                          is everything in order?

Settings: config.yaml; for one run, -c key=value (for example -c voice.speed=1.3).
"""
INTERRUPTED = 130

if TYPE_CHECKING:
    _Commands = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001  # it has no public name


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    close_telemetry()
    calm_threads()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a letter that cannot be shown must not end a conversation
            stream.reconfigure(errors="replace")
    parser = build_parser()
    given = parser.parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(name)s: %(message)s")
    if given.run is None:
        parser.print_help()
        return 0
    try:
        return int(given.run(given))
    except NearfieldError as error:
        print(f"nearfield: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("\nnearfield: stopped.", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except OSError as error:
        print(f"nearfield: {error.filename or 'the system'}: {error.strerror or error}.", file=sys.stderr)
        return UserError.exit_code


def build_parser() -> argparse.ArgumentParser:
    """The whole command line."""
    top = argparse.ArgumentParser(
        prog="nearfield", description=ABOUT, epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    top.set_defaults(run=None, after=[])
    _add_globals(top, "before", default=None)
    commands = top.add_subparsers(title="commands", metavar="COMMAND")

    demo = _command(commands, "demo", _demo, "hear a whole conversation, from recordings; touches nothing of yours")
    _json(demo)

    wav = _command(commands, "wav", _wav, "answer recorded requests; a later recording may answer a question")
    wav.add_argument("recordings", nargs="+", metavar="IN", type=Path, help="recordings: WAV, FLAC, OGG, MP3, M4A …")
    wav.add_argument("--out", type=Path, metavar="DIR", help="folder for the spoken replies (default: HOME/replies)")
    _conversation(wav)

    ask = _command(commands, "ask", _ask, "the same without sound: type a request, read the answer")
    ask.add_argument("text", nargs="+", metavar="TEXT", help="what you would say")
    _conversation(ask)

    models = _command(commands, "models", _models, "see, fetch and check the weights")
    models.add_argument("action", choices=("list", "pull", "verify", "path"), help="what to do")
    models.add_argument(
        "names", nargs="*", metavar="NAME", help="names from `models list` (pull: default those in use)"
    )
    models.add_argument(
        "--from", dest="source_folder", metavar="FOLDER", help="pull: take files from here, not the net"
    )
    _json(models)

    doctor = _command(commands, "doctor", _doctor, "is everything in order, and if not, what helps")
    _json(doctor)

    bench = _command(commands, "bench", _bench, "measure this machine")
    bench.add_argument(
        "what",
        choices=("choosing", "turns"),
        help="choosing: right tool, arguments, milliseconds; turns: the demo's stages",
    )
    bench.add_argument(
        "--rows",
        choices=("heldout", "developing"),
        default="heldout",
        help="heldout: never seen while developing (default)",
    )
    bench.add_argument("--wrong", action="store_true", help="list the rows that went wrong")
    _json(bench)
    return top


def _command(
    commands: _Commands, name: str, run: Callable[[argparse.Namespace], int], about: str
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=about, description=f"{about[0].upper()}{about[1:]}.")
    parser.set_defaults(run=run)
    _add_globals(parser, "after", default=argparse.SUPPRESS)
    return parser


def _add_globals(parser: argparse.ArgumentParser, settings: str, default: object) -> None:
    """The same options before and after the command's name; each -c counts, so each place keeps its own."""
    group = parser.add_argument_group("for every command")
    group.add_argument("--home", metavar="DIR", default=default, help="where your calendar, files and settings are")
    group.add_argument("--profile", metavar="NAME", default=default, help="desk, hands, glasses, kiosk, reader or fake")
    group.add_argument("-c", dest=settings, metavar="KEY=VALUE", action="append", default=default, help="one setting")


def _conversation(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--image", type=Path, metavar="PIC", help="the picture that lies before the camera")
    parser.add_argument("--answer", choices=("yes", "no"), help="what to answer to every question Nearfield asks")
    _json(parser)


def _json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print JSON on stdout, and nothing else there")


def _settings(given: argparse.Namespace) -> tuple[Config, Home]:
    home = find_home(given.home)
    files = [home.shipped / "config.yaml", home.root / "config.yaml"]
    return load_config(files, given.profile, [*(given.before or ()), *given.after]), home


def _demo(given: argparse.Namespace) -> int:
    from nearfield.demo.run import run_demo

    config, home = _settings(given)
    return asyncio.run(run_demo(config, home, sys.stdout, as_json=given.json, progress=_progress()))


def _wav(given: argparse.Namespace) -> int:
    from nearfield.recordings import check

    config, home = _settings(given)
    check(given.recordings, config.ears.longest_minutes)
    _check_picture(given.image, config)
    return asyncio.run(_converse(given, config, home))


async def _converse(given: argparse.Namespace, config: Config, home: Home) -> int:
    from nearfield.app import open_app
    from nearfield.audio.playback import TapeSpeaker
    from nearfield.recordings import converse
    from nearfield.report import Recorder

    async with open_app(config, home, sound=True, picture=given.image is not None, progress=_progress()) as app:
        assert app.voice is not None
        speaker = TapeSpeaker(app.voice.rate)
        folder = _replies(given.out or home.root / "replies")
        tell = Recorder(_report(given), speaker.tape, speaker.rate, folder, None if given.json else sys.stdout)
        session = app.session(tell, speaker, _answer(given))
        heard = await converse(app, session, [(r, given.image) for r in given.recordings])
    if not heard:
        raise InputError("I heard no words in one of the recordings; record it again, closer to the microphone.")
    return int(any(r.failed for r in session.records))


def _replies(folder: Path) -> Path:
    """The folder for what is spoken, found out to be usable before anything is done."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"I cannot write in {folder} ({error.strerror}); choose another folder with --out.") from error
    return folder


def _ask(given: argparse.Namespace) -> int:
    config, home = _settings(given)
    text = " ".join(" ".join(given.text).split())
    if not text:
        raise InputError(
            'There is nothing to answer; write what you want, for example: nearfield ask "what time is it".'
        )
    _check_picture(given.image, config)
    return asyncio.run(_typed(given, config, home, text))


async def _typed(given: argparse.Namespace, config: Config, home: Home, text: str) -> int:
    from nearfield.app import open_app
    from nearfield.recordings import typed

    async with open_app(config, home, sound=False, picture=given.image is not None, progress=_progress()) as app:
        session = app.session(_report(given), answer=_answer(given))
        session.picture = str(given.image) if given.image else None
        await typed(session, [text])
    return int(any(r.failed for r in session.records))


def _models(given: argparse.Namespace) -> int:
    from nearfield.weights.command import run_models

    return run_models(
        given.action, given.names, find_home(given.home), source_folder=given.source_folder, as_json=given.json,
        out=sys.stdout, err=sys.stderr,
    )  # fmt: skip


def _doctor(given: argparse.Namespace) -> int:
    from nearfield.doctor import examine, render

    config, home = _settings(given)
    findings = examine(config, home)
    print(json.dumps(findings, indent=2, ensure_ascii=False) if given.json else render(findings))
    return 0 if findings["ready"] else 1


def _bench(given: argparse.Namespace) -> int:
    from nearfield.bench.run import bench_choosing
    from nearfield.demo.measure import bench_turns

    config, home = _settings(given)
    if given.what == "turns":
        return asyncio.run(bench_turns(config, home, sys.stdout, as_json=given.json, progress=_progress()))
    return asyncio.run(bench_choosing(config, home, sys.stdout, rows=given.rows, as_json=given.json, wrong=given.wrong))


def _report(given: argparse.Namespace) -> Callable[[object], None]:
    from nearfield.report import JsonReport, TextReport

    return JsonReport(sys.stdout) if given.json else TextReport(sys.stdout)


def _answer(given: argparse.Namespace) -> Answer | None:
    return Answer(given.answer, given.answer) if given.answer else None


def _check_picture(picture: Path | None, config: Config) -> None:
    if picture is not None and config.eyes.engine != "fake":
        from nearfield.vision.image import check_picture

        check_picture(picture, config.eyes.longest_megapixels)


def _progress() -> Callable[[int, int], None]:
    """Shows how far the one-time reading of the tools is."""

    def show(done: int, total: int) -> None:
        end = "\r" if done < total and sys.stderr.isatty() else "\n"
        print(f"  learning the tools (only once): {100 * done // total:3} %", end=end, file=sys.stderr, flush=True)

    return show


if __name__ == "__main__":
    sys.exit(main())

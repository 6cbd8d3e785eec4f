"""Engines by name. A string in the configuration picks one; only what is picked is imported.

Each maker takes the configuration and the folders, and returns an engine that has loaded nothing yet.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from nearfield.config import Config
from nearfield.dialects.base import Dialect
from nearfield.errors import WeightsError
from nearfield.home import Home
from nearfield.machine import cores
from nearfield.ports import LanguageModel, Sampling, SpeechToText, TextToSpeech, VoiceActivity
from nearfield.weights import Model, Store, load_catalogue
from nearfield.weights.catalogue import Kind
from nearfield_tools.api import Tool
from nearfield_tools.eyes import Eyes

MOST_THREADS = 8
"""More cores than this make a small model no faster."""

Progress = Callable[[int, int], None]


def weights(home: Home, name: str, kind: Kind) -> tuple[Model, Mapping[str, Path]]:
    """A model of the catalogue and its checked files.

    Raises WeightsError when it is of another kind, and saying how to get it when it is not here.
    """
    model = load_catalogue(home).get(name)
    if model.kind != kind:
        raise WeightsError(f"{name} is for the {model.kind}, not for the {kind}; see: nearfield models list.")
    return model, Store(home.weights).find(model)


def _whisper(config: Config, home: Home) -> SpeechToText:
    from nearfield.engines.whisper import Whisper

    _, files = weights(home, config.ears.model, "ears")
    return Whisper(files["model.bin"].parent, config.language)


def _fake_stt(_config: Config, _home: Home) -> SpeechToText:
    from nearfield.demo.requests import load_requests
    from nearfield.engines.fake import FakeStt

    return FakeStt([r.text for r in load_requests()])


def _piper(config: Config, home: Home) -> TextToSpeech:
    from nearfield.engines.piper import Piper

    _, files = weights(home, config.voice.model, "voice")
    voice = next(f for name, f in files.items() if name.endswith(".onnx"))
    settings = json.loads(voice.with_name(f"{voice.name}.json").read_text(encoding="utf-8"))
    return Piper(voice, int(settings["audio"]["sample_rate"]), config.voice.speed)


def _fake_tts(_config: Config, _home: Home) -> TextToSpeech:
    from nearfield.engines.fake import FakeTts

    return FakeTts()


def _llama(config: Config, home: Home, progress: Progress | None) -> LanguageModel:
    from nearfield.engines.llama import Llama, Load

    model, files = weights(home, config.brain.model, "brain")
    file = next((f for name, f in files.items() if name.endswith(".gguf")), None)
    if file is None:
        raise WeightsError(f"{model.name} has no .gguf file; see: nearfield models list.")
    threads = config.brain.threads or min(cores(), MOST_THREADS)
    return Llama(Load(file, threads, int(model.settings["context"])), home.cache / "prefixes", progress)


def _fake_llm(_config: Config, _home: Home, _progress: Progress | None) -> LanguageModel:
    from nearfield.demo.requests import load_requests
    from nearfield.engines.fake import FakeLlm

    return FakeLlm({f"choose: {r.text}": f" {r.call}\n" for r in load_requests() if r.call})


def _silero() -> VoiceActivity:
    from nearfield.engines.silero import Silero

    return Silero()


def _fake_vad() -> VoiceActivity:
    from nearfield.engines.fake import FakeVad

    return FakeVad()


@dataclass(frozen=True)
class Sight:
    """`open` gives the eyes for a picture (None without one); `load`, blocking, gets ready for the first."""

    open: Callable[[str | None], Eyes | None]
    load: Callable[[], object]


def _rapidocr(config: Config) -> Sight:
    from nearfield.vision.eyes import PictureEyes
    from nearfield.vision.ocr import OcrReader

    reader = OcrReader()
    megapixels = config.eyes.longest_megapixels
    return Sight(lambda path: PictureEyes(Path(path), megapixels, reader) if path else None, reader.load)


def _fake_eyes(_config: Config) -> Sight:
    from nearfield.demo.requests import NOTICE
    from nearfield.engines.fake import FakeEyes

    return Sight(lambda path: FakeEyes(NOTICE) if path else None, lambda: None)


def _starter(tools: tuple[Tool, ...], config: Config, home: Home) -> Dialect:
    from nearfield.dialects.starter import NoTool, Prompts, Starter
    from nearfield_tools.catalogue import ABOUT, ANSWER, DECLINE

    texts = [
        (home.shipped / "prompts" / f"{n}.txt").read_text(encoding="utf-8")
        for n in ("choose", "answer", "about", "decline")
    ]
    sampling = None
    if config.brain.sampling == "model" and config.brain.engine != "fake":
        found = load_catalogue(home).get(config.brain.model).settings.get("sampling", {})
        sampling = Sampling(found.get("temperature", 1.0), found.get("top_p", 1.0), int(found.get("top_k", 40)))
    return Starter(
        tools, NoTool(ANSWER, ABOUT, DECLINE), Prompts(*texts), config.brain.longest, sampling, config.brain.wording
    )


STT: Mapping[str, Callable[[Config, Home], SpeechToText]] = {"whisper": _whisper, "fake": _fake_stt}
TTS: Mapping[str, Callable[[Config, Home], TextToSpeech]] = {"piper": _piper, "fake": _fake_tts}
LLM: Mapping[str, Callable[[Config, Home, Progress | None], LanguageModel]] = {"llama": _llama, "fake": _fake_llm}
VAD: Mapping[str, Callable[[], VoiceActivity]] = {"whisper": _silero, "fake": _fake_vad}
EYES: Mapping[str, Callable[[Config], Sight]] = {
    "rapidocr": _rapidocr,
    "fake": _fake_eyes,
}
DIALECTS: Mapping[str, Callable[[tuple[Tool, ...], Config, Home], Dialect]] = {"starter": _starter}

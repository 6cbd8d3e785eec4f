"""Whisper as a `SpeechToText`: one thread, one utterance at a time. Adapter for faster-whisper 1.2 on CTranslate2.

Whisper was trained on windows of 30 s, and most of what a short request costs is the silence that fills the rest. Here
the window is as long as the request and two seconds more, ten at least: three to four times faster, with no more
words wrong on human commands and read speech. In a short window the decoder sometimes says one word for ever; such a
transcript is thrown away, and the utterance heard again in the full window.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from nearfield.engine_thread import EngineThread
from nearfield.errors import EngineError, WeightsError
from nearfield.events import Samples, Transcript, Utterance

RATE = 16_000
FRAMES = 100
"""Feature frames per second."""
LONGEST = 30
"""Seconds of the window Whisper was trained on: an utterance may be no longer."""
SHORTEST = 10
"""Seconds of the shortest window: at 8 the decoder loops now and then, at 4 mostly."""
ROOM = 2
"""Seconds of silence after the speech, in which the decoder sees that it is over."""
BEAM = 5
"""Transcripts weighed at a time. Beside the encoder they cost little, and fewer words go wrong than with one."""
TOKENS_A_SECOND = 12
"""More than anybody says; a decoder that writes more is in a loop."""
QUIET = 0.1
"""Peak that quieter sound is brought to. At a tenth of it Whisper gets half as many words again wrong."""
LOOP = 2.4
"""Compression beyond which a text is a loop; prose stays below 2 at this length."""

UNSURE = -1.0
"""Mean log probability below which the words are a guess; what Whisper makes of noise lies below it."""
SHAKY = -0.85
"""Below this it takes more than the words to be believed. A clear "okay" can be at -0.8."""
UNCLEAR = -0.5
"""Above this, Whisper's opinion that nobody spoke is not asked."""
SILENT = 0.6
"""Probability of no speech from which unclear words are not believed; speech stays below 0.5."""
HALF_SILENT = 0.4
"""The same for words that noise is often taken for."""
BRIEF = 0.25
"""Seconds of voice, less than a syllable has, below which shaky words are not believed."""

INVENTED = frozenset(
    {
        "thanks for watching",
        "thank you for watching",
        "thank you so much for watching",
        "thank you very much for watching",
        "thanks for watching and see you next time",
        "thank you for watching and see you next time",
        "thanks for listening",
        "please subscribe",
        "please subscribe to my channel",
        "please subscribe to our channel",
        "don't forget to subscribe",
        "don't forget to like and subscribe",
        "like and subscribe",
        "see you in the next video",
        "i'll see you in the next video",
        "i'll see you guys in the next video",
        "hey guys welcome to my channel",
        "hi guys welcome to my channel",
        "welcome to my channel",
        "we'll be right back",
    }
)
"""What Whisper writes for noise because the films it learned from end that way; nobody asks an assistant this."""
CREDITS = ("subtitles by", "subtitled by", "captions by", "captioning by", "transcription by", "transcribed by")
"""How the credits begin that it writes for noise."""
INVENTED_OR_SAID = frozenset(
    {
        "ah",
        "all right",
        "bye",
        "bye bye",
        "goodbye",
        "hello",
        "hm",
        "hmm",
        "huh",
        "i don't know",
        "i'm sorry",
        "mm",
        "mm hmm",
        "oh",
        "oh my god",
        "okay",
        "okay okay",
        "see you next time",
        "so",
        "sorry",
        "thank you",
        "thank you so much",
        "thank you very much",
        "thanks",
        "the",
        "uh",
        "um",
        "yeah",
        "you",
    }
)
"""What Whisper writes for noise and people say too: believed when it was clear."""
FAINT = 0.001
"""Peak below which sound is not made any louder: what is left then is the noise of the samples themselves."""
FILES = ("model.bin", "config.json", "tokenizer.json", "vocabulary.txt")


LEAD = 0.2
"""Seconds of silence put before an utterance."""


class Whisper:
    """Words from speech. `folder` holds a model in CTranslate2's format; nothing is ever fetched.

    `threads` 0 leaves the number to CTranslate2: four, or as many as there are cores.
    """

    def __init__(self, folder: Path, language: str = "en", threads: int = 0) -> None:
        self._thread = EngineThread("whisper")
        self._folder, self._language, self._threads = folder, language, threads
        self._ears: _Decoder | None = None

    async def load(self) -> None:
        """Load the model now and let it hear a moment of nothing, so that the first request is not the slow one."""
        await self._thread.run(lambda: self._decoder().decode(np.zeros(RATE, np.float32), SHORTEST))

    async def transcribe(self, utterance: Utterance) -> Transcript:
        """The words of one utterance of at most 30 s; empty, with a reason, when there are none to be trusted.

        Raises WeightsError when the model's files are not all there, EngineError when it cannot run.
        """
        return await self._thread.run(lambda: self._hear(utterance))

    async def aclose(self) -> None:
        """Wait for what is being heard and end the thread."""
        await self._thread.aclose()

    def _hear(self, utterance: Utterance) -> Transcript:
        if not len(utterance.samples):
            return Transcript("", doubt="there was no sound")
        seconds = len(utterance.samples) / RATE
        if seconds > LONGEST:
            raise EngineError(f"whisper: an utterance of {seconds:.0f} s does not fit its window of {LONGEST} s.")
        samples = led_in(level(utterance.samples))
        window = min(max(seconds + ROOM, SHORTEST), LONGEST)
        found = self._decoder().decode(samples, window)
        if found.loops and window < LONGEST:
            found = self._decoder().decode(samples, LONGEST)
        voiced = utterance.speech * seconds
        return judge(Evidence(found.text, found.confidence, found.no_speech, voiced, loops=found.loops))

    def _decoder(self) -> _Decoder:
        if self._ears is None:
            missing = [name for name in FILES if not (self._folder / name).is_file()]
            if missing:
                raise WeightsError(f"Whisper's weights in {self._folder} lack {', '.join(missing)}; pull them again.")
            self._ears = _Decoder(self._folder, self._language, self._threads)
        return self._ears


@dataclass(frozen=True)
class _Found:
    text: str
    confidence: float
    no_speech: float
    loops: bool


class _Decoder:
    """The engine itself; it lives on the engine's thread only."""

    def __init__(self, folder: Path, language: str, threads: int) -> None:
        from faster_whisper import WhisperModel
        from faster_whisper.tokenizer import Tokenizer
        from faster_whisper.transcribe import get_suppressed_tokens

        try:
            model = WhisperModel(
                str(folder), device="cpu", compute_type="int8", cpu_threads=threads, local_files_only=True
            )
        except (RuntimeError, ValueError) as error:
            raise EngineError(f"whisper: {error}") from error
        multilingual = model.model.is_multilingual
        self._model: Any = model
        self._tokenizer: Any = Tokenizer(model.hf_tokenizer, multilingual, task="transcribe", language=language)
        self._prompt = [*self._tokenizer.sot_sequence, self._tokenizer.no_timestamps]
        self._never = list(get_suppressed_tokens(self._tokenizer, [-1]))

    def decode(self, samples: Samples, window: float) -> _Found:
        """Decode mono 16 kHz `samples` in a window of `window` seconds."""
        most = min(int(len(samples) / RATE * TOKENS_A_SECOND) + TOKENS_A_SECOND, 400)
        try:
            best = self._model.model.generate(
                self._model.encode(self._features(samples, window)),
                [self._prompt],
                beam_size=BEAM,
                max_length=len(self._prompt) + most,
                return_scores=True,
                return_no_speech_prob=True,
                suppress_tokens=self._never,
            )[0]
        except (RuntimeError, ValueError) as error:
            raise EngineError(f"whisper: {error}") from error
        tokens = best.sequences_ids[0]
        text = self._tokenizer.decode(tokens).strip()
        # The score is a mean over the tokens; the mark that ends them has its share too.
        confidence = best.scores[0] * len(tokens) / (len(tokens) + 1)
        return _Found(text, confidence, best.no_speech_prob, loops=len(tokens) >= most or repeats(text))

    def _features(self, samples: Samples, window: float) -> Any:
        silence = max(int(window * RATE) - len(samples), 0)
        frames = int(window * FRAMES) // 2 * 2  # the encoder takes them in pairs
        return self._model.feature_extractor(np.pad(samples, (0, silence)))[:, :frames]


def level(samples: Samples) -> Samples:
    """Without a constant offset, and quiet sound made louder."""
    centred: Samples = samples - samples.mean(dtype=np.float32)
    peak = float(np.abs(centred).max())
    return centred * np.float32(QUIET / max(peak, FAINT)) if peak < QUIET else centred


def led_in(samples: Samples) -> Samples:
    """With a moment of silence before it: the first word of speech that begins at once is easily misheard."""
    fits = len(samples) / RATE + LEAD <= LONGEST
    return np.concatenate([np.zeros(int(LEAD * RATE), np.float32), samples]) if fits else samples


def repeats(text: str) -> bool:
    """Whether a text says one thing over and over: then it shrinks to less than 1/2.4 when compressed."""
    data = text.encode()
    return len(data) > LOOP * len(zlib.compress(data))


@dataclass(frozen=True)
class Evidence:
    """What speaks for and against a transcript."""

    text: str
    confidence: float
    """Mean log probability of the tokens, at most 0. Clear speech: -0.1 to -0.6. Noise: below -1.1."""
    no_speech: float
    """Whisper's own probability that nobody spoke, 0..1."""
    voiced: float
    """Seconds in which a detector heard a voice."""
    loops: bool = False
    """The decoder said one thing over and over, or more than anybody can say in the time."""


def judge(evidence: Evidence) -> Transcript:
    """The transcript, with an empty text and the reason when the evidence speaks against it."""
    text = _words(evidence.text)
    doubt = _doubt(text, evidence)
    return Transcript("" if doubt else text, doubt, evidence.no_speech, evidence.confidence)


def _doubt(text: str, evidence: Evidence) -> str:
    plain = " ".join(re.findall(r"[^\W_]+(?:'[^\W_]+)*", text.lower().replace("\u2019", "'")))
    shaky = evidence.confidence < SHAKY
    reasons = {
        "there were no words in it": not plain,
        "it came out as one thing over and over": evidence.loops,
        "the words were a guess": evidence.confidence < UNSURE,
        "it was most likely not speech": evidence.no_speech > SILENT and evidence.confidence < UNCLEAR,
        "there was hardly a voice in it": evidence.voiced < BRIEF and shaky,
        "noise is often taken for that": plain in INVENTED or plain.startswith(CREDITS),
        "noise is often taken for that, and it was not clear": plain in INVENTED_OR_SAID
        and (shaky or evidence.no_speech > HALF_SILENT),
    }
    return next((reason for reason, holds in reasons.items() if holds), "")


def _words(text: str) -> str:
    """The text without the notes that Whisper makes on sounds: [Music], (laughs), *coughs*, ♪ la la ♪."""
    spoken = re.sub(r"\[[^\]]*\]|\([^)]*\)|\*[^*]*\*|[♪♫][^♪♫]*[♪♫]?", " ", text)
    return re.sub(r"^(?:(?:-+|>+)\s+)+", "", " ".join(spoken.split()))

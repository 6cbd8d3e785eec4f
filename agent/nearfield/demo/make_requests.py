"""Makes the demo's recordings: Piper's voice, played a little faster and higher so that it is not Nearfield's own.

Run by hand when `requests.yaml` changes:  python agent/nearfield/demo/make_requests.py
"""

from __future__ import annotations

import asyncio

import numpy as np
import soundfile
import soxr

from nearfield.config import Config
from nearfield.demo.requests import load_requests
from nearfield.home import find_home
from nearfield.registry import TTS

HIGHER = 1.14
"""Playing the voice this much faster lifts it by two semitones."""
RATE = 16_000


async def main() -> None:
    voice = TTS["piper"](Config.model_validate({"voice": {"speed": 0.9}}), find_home())
    for request in load_requests():
        sound = np.concatenate([piece async for piece in voice.speak(request.text)])
        higher = soxr.resample(sound, int(voice.rate * HIGHER), RATE)
        silence = np.zeros(RATE // 2, np.float32)
        soundfile.write(request.audio, np.concatenate([silence, higher * 0.8, silence]), RATE, subtype="PCM_16")
    await voice.aclose()


if __name__ == "__main__":
    asyncio.run(main())

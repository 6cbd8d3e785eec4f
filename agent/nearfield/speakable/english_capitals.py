"""Capitals as they are said: Roman numerals, initialisms, acronyms, words that shout."""

from __future__ import annotations

import re
from typing import Final

from nearfield.speakable.english_numbers import cardinal, ordinal
from nearfield.speakable.tables import names

_VALUES: Final = {"I": 1, "V": 5, "X": 10}
_ROMAN: Final = re.compile(r"X{0,3}(?:IX|IV|V?I{0,3})")
_AFTER_WORD: Final = re.compile(r"\b([A-Z][a-z]+)\s([IVX]{2,6})\b")
_SINGLE: Final = re.compile(
    r"\b(Chapter|Part|Act|Scene|Book|Volume|Phase|Type|Class|Section|Article|War|Level|Grade|Stage|Appendix)\s([IVX])\b"
    r"(?!'|\s(?:am|was|have|had|will|would|think|like|liked|did|do|can|could|want|saw|see)\b)"
)
_RULERS: Final = (
    "Henry|Louis|Elizabeth|Charles|George|Edward|William|James|Richard|Philip|Francis|Frederick|Catherine|Peter|Alexander|Nicholas"
    "|Napoleon|Pius|Paul|Benedict|Gregory|Innocent|Leo|Clement|Leopold|Ferdinand|Ramses|Ptolemy|Otto|Ivan|Margaret|Christian|Harald"
    "|Carl|Gustav|Albert|Victor|Umberto|Pope|Queen|King|Tsar|Emperor"
)
_RULER: Final = frozenset(_RULERS.split("|"))
_RULER_SINGLE: Final = re.compile(rf"\b({_RULERS})\s(V|X|I(?=[,.;:!?)]|'s|$|\sof\b|\sreigned\b|\sruled\b))\b(?!\.\w)")

_DOTTED: Final = re.compile(
    r"(?<![\w.])(?:[A-Za-z]\.){2,8}(?!\w)|(?<![\w.])(?:[A-Z]\.){1,8}[A-Z](?![\w.])|\bPh\.?D\b\.?"
)
_ENDS_SENTENCE: Final = re.compile(r"\s?$|\s[A-Z][a-z]")
_WITH_AMPERSAND: Final = re.compile(r"(?<![A-Za-z&])([A-Z]{1,3})&([A-Z]{1,3})(?![A-Za-z&])")
_CAPITALS: Final = re.compile(r"(?<![A-Za-z])([A-Z]{2,})('?s)?(?![A-Za-z])")
_SAID_AS_WORDS: Final = frozenset(
    names(
        """
    NASA NATO UNESCO UNICEF OPEC FIFA UEFA AIDS LASER RADAR SONAR SCUBA COVID RAM ROM SIM PIN GIF JPEG LAN WAN NAFTA
    SWAT SARS IKEA LEGO BIOS JSON YAML CAPTCHA CUDA NVIDIA ASCII MIDI RAID NIST ISIS ICE DOS CERN INTERPOL LIDAR
    YOLO WIFI NET
    """
    )
)
_SPELLED: Final = frozenset(names("YMCA UCLA ACLU IEEE NCAA IOU AAA AARP AAAA USAF UUID OECD"))
_COMMON: Final = frozenset(
    names(
        """
    A AN AND ANY ARE AS AT BE BIG BUT BY CAN DAY DID DO EAT END FOR FUN GET GO GOT HAD HAS HE HER HERE HIM HIS HOW
    IF IN IS LET MAN MAY ME MY NEW NO NOT NOW OF OFF OLD ON ONE OR OUR OUT OWN PUT RUN SAW SAY SEE SET SHE SIT SO
    THE TO TOO TRY TWO UP USE WAS WAY WE WHY YES YET YOU EXIT HI OH BYE SIX TEN RED ALL ASK BAD BAG BOX BUY CAR CAT
    CUT DOG
    """
    )
)
_SHORT: Final = 3
# Starts with at most two consonants, and never has three in a row: an English mouth can say it.
_PRONOUNCEABLE: Final = re.compile(
    r"[^AEIOUY]{0,2}(?:[AEIOUY]{1,2}[^AEIOUY]{1,2})+(?:[AEIOUY]{1,2})?|[^AEIOUY]{1,2}[AEIOUY]{1,2}"
)
_SHOUTED_WORDS: Final = 3


def capitals(text: str) -> str:
    text = _AFTER_WORD.sub(_roman, text)
    text = _SINGLE.sub(lambda found: f"{found[1]} {cardinal(str(_VALUES[found[2]]))}", text)
    text = _RULER_SINGLE.sub(lambda found: f"{found[1]} the {ordinal(str(_VALUES[found[2]]))}", text)
    text = _DOTTED.sub(_dotted, text)
    text = _WITH_AMPERSAND.sub(lambda found: f"{' '.join(found[1])} and {' '.join(found[2])}", text)
    if _is_shouted(text):
        return text.lower()
    return _CAPITALS.sub(_initialism, text)


def _roman(found: re.Match[str]) -> str:
    name, letters = found[1], found[2]
    if not _ROMAN.fullmatch(letters) or letters in {"XX", "XXX"}:
        return found[0]
    value = str(_value(letters))
    return f"{name} the {ordinal(value)}" if name in _RULER else f"{name} {cardinal(value)}"


def _value(letters: str) -> int:
    values = [_VALUES[letter] for letter in letters]
    return sum(-value if value < after else value for value, after in zip(values, [*values[1:], 0], strict=True))


def _dotted(found: re.Match[str]) -> str:
    letters = " ".join(char for char in found[0].upper() if char.isalpha())
    ends = found[0][-1] == "." and _ENDS_SENTENCE.match(found.string, found.end())
    return f"{letters}." if ends else letters


def _is_shouted(text: str) -> bool:
    words = [word for word in text.split() if any(map(str.isalpha, word))]
    long = sum(len(word) > _SHORT for word in words)
    return len(words) >= _SHOUTED_WORDS and long > 1 and not any(map(str.islower, text))


def _initialism(found: re.Match[str]) -> str:
    word, plural = found[1], found[2]
    if word == "OK":
        return "okay"
    if _is_word(word):
        return found[0]
    return " ".join(word) + ("'s" if plural else "")


def _is_word(word: str) -> bool:
    if word in _SAID_AS_WORDS or word in _COMMON:
        return True
    if word in _SPELLED or len(word) <= _SHORT:
        return False
    return _PRONOUNCEABLE.fullmatch(word) is not None or (
        len(word) > _SHORT * 2 and any(char in "AEIOU" for char in word)
    )

"""What is said digit by digit or part by part: telephone numbers, versions, serial numbers, network addresses."""

from __future__ import annotations

import re
from typing import Final

from nearfield.speakable.english_numbers import NUMBER, SIGNED, cardinal, decade, digits, number

_GROUPS: Final = re.compile(r"\d+")
_PHONE: Final = re.compile(
    r"(?<![\w.,/-])(?:\+\d[\d ().-]{5,18}\d|(?:1[ -])?\(\d{3}\)[ .-]?\d{3}[ .-]\d{4}|(?:1[ -])?\d{3}([ .-])\d{3}\1\d{4}"
    r"|0\d{2,4}(?:[ -]\d{2,4}){1,4}|\d{3}-\d{4})(?![\w/]|[.,:-]\d)"
)
# ISBN, social security and account numbers: three groups or more.
_HYPHENED: Final = re.compile(r"(?<![\w.,/-])\d{1,9}(?:-\d{1,9}){2,7}(?:-[Xx])?(?![\w/-]|[.,]\d)")
_CARD: Final = re.compile(r"(?<![\w.,-])\d{4}(?: \d{4}){2,4}(?: \d{1,3})?(?![\w-]|[.,]\d)")
_ROUND_RANGE: Final = re.compile(r"\d00-\d{2}00")
_NETWORK: Final = re.compile(r"(?<![\w.])(\d{1,3}(?:\.\d{1,3}){3}|localhost)(?::(\d{1,5}))?(?!\w|[.:]\d)")
_VERSION: Final = re.compile(
    r"(?<![\w.])([vV]\.?)?(\d{1,6}(?:\.\d{1,6}){2,8})(?!\w|\.\d)|(?<![\w.])[vV](\d{1,4}(?:\.\d{1,4})?)(?![\w.])"
)
_RELEASE: Final = re.compile(
    r"\b((?:version|release|Python|Ubuntu|Debian|Fedora|Android|iOS|macOS|Linux|kernel|Node|Java|CUDA|PyTorch|Django|Rust|Go)\s)"
    r"(\d{1,3}\.\d{1,3})(?![\w.]*\d)(?!\w)"
)
_SECRET: Final = re.compile(
    r"\b((?:code|zip|pin|id|serial|isbn|ean|upc|account|tracking|passcode|password|postcode|confirmation|reference|ref)\.?"
    r"(?:\s(?:number|no\.|code|is|was)){0,2}\s?[:#]?\s?)(\d{3,32})(?!\w|[.,]\d)",
    re.IGNORECASE,
)
_SERIAL: Final = re.compile(r"(?<![A-Za-z0-9])(?=[A-Za-z]{0,40}\d)(?=\d{0,40}[A-Za-z])[A-Za-z0-9]+(?![A-Za-z0-9])")
_PLURAL: Final = re.compile(r"(?<=[A-Za-z]-)(\d\d)s\b")  # F-16s
_RUNS: Final = re.compile(r"\d+|[A-Za-z]+")
_THOUSANDS: Final = re.compile(r"(?<![\w.,])\d{1,3}(?: \d{3})* 000(?![\w]|[.,]\d| \d)")
_RATIO: Final = re.compile(r"(?<![\w:.])(\d{1,6}):(\d{1,6})(?![\w:]|\.\d)")
_SCIENTIFIC: Final = re.compile(rf"({SIGNED})[eE]([+-]?\d{{1,3}})(?![\w.])")
_HASH: Final = re.compile(rf"(?:#|№)\s?(?={NUMBER})")
_SHORT_RUN: Final = 2


def codes(text: str) -> str:
    text = _THOUSANDS.sub(lambda found: cardinal(found[0].replace(" ", "")), text)
    text = _SCIENTIFIC.sub(_scientific, _PHONE.sub(_phone, text))
    text = _NETWORK.sub(_network, text)
    text = _VERSION.sub(_version, text)
    text = _RELEASE.sub(lambda found: found[1] + _version_parts(found[2]), text)
    text = _CARD.sub(lambda found: _joined(found[0], ", "), text)
    text = _HYPHENED.sub(_hyphened, text)
    text = _SECRET.sub(lambda found: found[1] + digits(found[2]), text)
    return _HASH.sub("number ", text)


def _joined(text: str, between: str) -> str:
    return between.join(map(digits, _GROUPS.findall(text)))


def _network(found: re.Match[str]) -> str:
    port = f" port {digits(found[2])}" if found[2] else ""
    return (_joined(found[1], " dot ") or found[1]) + port


def _phone(found: re.Match[str]) -> str:
    if _ROUND_RANGE.fullmatch(found[0]):
        return found[0]
    return ("plus " if found[0][0] == "+" else "") + _joined(found[0], ", ")


def _hyphened(found: re.Match[str]) -> str:
    return _joined(found[0], ", ") + (", x" if found[0][-1] in "xX" else "")


def _scientific(found: re.Match[str]) -> str:
    return f"{number(found[1])} times ten to the power of {number(found[2].lstrip('+'))}"


def _version(found: re.Match[str]) -> str:
    named = "version " if found[1] or found[3] else ""
    return named + _version_parts(found[2] or found[3])


def _version_parts(text: str) -> str:
    return " point ".join(_part(group) for group in text.split("."))


def _part(group: str) -> str:
    return f"oh {digits(group[1])}" if len(group) == _SHORT_RUN and group[0] == "0" else cardinal(group)


def serials(text: str) -> str:
    """Letters and digits in one word, "B2A23C": letters apart, a short run as a number, a long one digit by digit."""
    text = _PLURAL.sub(lambda found: decade(found[1]), text)
    return _SERIAL.sub(lambda found: " ".join(_run(run) for run in _RUNS.findall(found[0])), text)


def _run(run: str) -> str:
    if not run.isdigit():
        return run
    return cardinal(run) if len(run) <= _SHORT_RUN else digits(run)


def ratios(text: str) -> str:
    return _RATIO.sub(lambda found: f"{number(found[1])} to {number(found[2])}", text)

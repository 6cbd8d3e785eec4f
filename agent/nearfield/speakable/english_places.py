"""Street addresses as they are said: "708 N 1st Street, Reno, NV" is "seven oh eight North … Nevada"."""

from __future__ import annotations

import re
from typing import Final

from nearfield.speakable.english_numbers import cardinal, digits, year
from nearfield.speakable.tables import table

_STREETS: Final = "street|avenue|boulevard|road|lane|court|drive|square|highway|way|place|parkway|terrace"
_HOUSE: Final = re.compile(
    r"(?<![\w.,/-])(\d{3,4})(\s)(?:([NSEW]|NE|NW|SE|SW)\.?\s)?"
    rf"(?=(?:[A-Z][\w'.-]{{0,30}}\s|\d{{1,3}}(?:st|nd|rd|th)\s){{1,3}}(?i:{_STREETS})\b)"
)
_DIRECTIONS: Final = table(
    """
    N: North; S: South; E: East; W: West; NE: Northeast; NW: Northwest; SE: Southeast; SW: Southwest
    """
)
_STATES: Final = table(
    """
    AL: Alabama; AK: Alaska; AZ: Arizona; AR: Arkansas; CA: California; CO: Colorado; CT: Connecticut; DE: Delaware;
    FL: Florida; GA: Georgia; HI: Hawaii; ID: Idaho; IL: Illinois; IN: Indiana; IA: Iowa; KS: Kansas; KY: Kentucky;
    LA: Louisiana; ME: Maine; MD: Maryland; MA: Massachusetts; MI: Michigan; MN: Minnesota; MS: Mississippi; MO:
    Missouri; MT: Montana; NE: Nebraska; NV: Nevada; NH: New Hampshire; NJ: New Jersey; NM: New Mexico; NY: New
    York; NC: North Carolina; ND: North Dakota; OH: Ohio; OK: Oklahoma; OR: Oregon; PA: Pennsylvania; RI: Rhode
    Island; SC: South Carolina; SD: South Dakota; TN: Tennessee; TX: Texas; UT: Utah; VT: Vermont; VA: Virginia; WA:
    Washington; WV: West Virginia; WI: Wisconsin; WY: Wyoming; DC: D C
    """
)
# After a town and before a zip code or the end of the phrase: "Reno, NV 89501", "Paris, TX."
_STATE: Final = re.compile(rf"(?<=[a-z]), ({'|'.join(_STATES)})(?: (\d{{5}})(?!\d))?(?=$|[,.;:!?)])")
_WITH_HUNDREDS: Final = 4


def places(text: str) -> str:
    """After abbreviations are spelled out and before numbers are read."""
    text = _HOUSE.sub(_house, text)
    return _STATE.sub(lambda found: f", {_STATES[found[1]]}{' ' + digits(found[2]) if found[2] else ''}", text)


def _house(found: re.Match[str]) -> str:
    direction = f"{_DIRECTIONS[found[3]]} " if found[3] else ""
    return f"{_house_number(found[1])}{found[2]}{direction}"


def _house_number(number: str) -> str:
    if number[0] == "0" or (len(number) == _WITH_HUNDREDS and number[1] == "0"):
        return digits(number)
    if len(number) == _WITH_HUNDREDS:
        return year(number)
    if number.endswith("00"):
        return cardinal(number)
    rest = number[1:]
    return f"{digits(number[0])} {'oh ' + digits(rest[1]) if rest[0] == '0' else cardinal(rest)}"

"""Money, percentages and units as English words."""

# ruff: noqa: RUF001 - look-alike characters are what this file is about

from __future__ import annotations

import re
from typing import Final

from nearfield.speakable.english_numbers import NUMBER, SIGNED, cardinal, number
from nearfield.speakable.tables import table

_CURRENCIES: Final = {
    "$": ("dollar", "dollars", "cent", "cents"),
    "€": ("euro", "euros", "cent", "cents"),
    "£": ("pound", "pounds", "penny", "pence"),
    "¥": ("yen", "yen", "", ""),
    "₹": ("rupee", "rupees", "paisa", "paise"),
    "₩": ("won", "won", "", ""),
    "₽": ("ruble", "rubles", "kopeck", "kopecks"),
    "₪": ("shekel", "shekels", "agora", "agorot"),
    "₺": ("lira", "lira", "kurush", "kurush"),
    "₴": ("hryvnia", "hryvnias", "kopiyka", "kopiykas"),
    "₫": ("dong", "dong", "", ""),
    "฿": ("baht", "baht", "satang", "satang"),
    "₿": ("bitcoin", "bitcoins", "", ""),
    "CHF": ("Swiss franc", "Swiss francs", "centime", "centimes"),
}
_CODES: Final = table(
    """
    US$: $; USD: $; EUR: €; GBP: £; JPY: ¥; INR: ₹; CHF: CHF; Rs.: ₹; Rs: ₹; A$: $; C$: $; CA$: $; AU$: $; NZ$: $;
    HK$: $
    """
)
_MAGNITUDES: Final = table(
    """
    k: thousand; K: thousand; m: million; M: million; mn: million; mln: million; bn: billion; b: billion; B:
    billion; tn: trillion; T: trillion
    """
)
_MAGNITUDE: Final = (
    r"(?:(?P<short>k|K|mn|mln|m|M|bn|b|B|tn|T)\b|\s(?P<long>hundred|thousand|million|billion|trillion)\b)"
)
_MARK: Final = "|".join(re.escape(mark) for mark in sorted((*_CODES, *_CURRENCIES), key=len, reverse=True))
_PER: Final = table(
    """
    s: second; sec: second; min: minute; h: hour; hr: hour; hour: hour; d: day; day: day; wk: week; week: week; mo:
    month; month: month; yr: year; y: year; year: year; kg: kilogram; g: gram; lb: pound; oz: ounce; l: liter; L:
    liter; ml: milliliter; gal: gallon; gallon: gallon; m: meter; km: kilometer; m²: square meter; m2: square meter;
    m³: cubic meter; m3: cubic meter; s²: second squared; s2: second squared; kWh: kilowatt hour; second: second;
    minute: minute; person: person; night: night; user: user; unit: unit; item: item; piece: piece; head: head;
    page: page; mile: mile
    """
)
_PER_PART: Final = rf"(?:\s?/\s?(?P<per>{'|'.join(sorted(map(re.escape, _PER), key=len, reverse=True))})(?![\w/]))?"
_MONEY: Final = re.compile(
    rf"(?<![\w.,])(?P<sign>-\s?)?(?P<mark>{_MARK})\s?(?P<sign2>-)?(?P<amount>{NUMBER})(?:{_MAGNITUDE})?{_PER_PART}"
)
_MONEY_AFTER: Final = re.compile(
    rf"(?<![\w.,])(?P<sign>(?<![)\]])-)?(?P<amount>{NUMBER})(?:{_MAGNITUDE})?\s?(?P<mark>[$€£¥₹₩₽₪₺₴₫฿₿]|USD|EUR|GBP|JPY|INR|CHF)"
    rf"(?![\w$]){_PER_PART}"
)
_CENTS: Final = re.compile(rf"(?<![\w.])({NUMBER})\s?¢")
_EUROPEAN: Final = re.compile(r"(?<![\d.,])(\d{1,3}(?:\.\d{3})+),(\d{2})(?!\d)")
_COMMA_CENTS: Final = re.compile(
    r"(?<![\d.,])(?:(?<=[€£$])|(?<=[€£$] ))(\d{1,6}),(\d{2})(?!\d)|(?<![\d.,])(\d{1,6}),(\d{2})(?=\s?€)"
)
_CENT_DIGITS: Final = 2


def unit_dots(text: str) -> str:
    """Take the dot off "5 lbs. of": before times and dates put small letters behind a full stop."""
    return _DOTTED.sub(r"\1", text)


def money(text: str) -> str:
    text = _EUROPEAN.sub(lambda found: f"{found[1].replace('.', '')}.{found[2]}", text)
    text = _COMMA_CENTS.sub(lambda found: f"{found[1] or found[3]}.{found[2] or found[4]}", text)
    text = _CENTS.sub(lambda found: f"{number(found[1])} {'cent' if found[1] == '1' else 'cents'}", text)
    return _MONEY_AFTER.sub(_money, _MONEY.sub(_money, text))


def _money(found: re.Match[str]) -> str:
    groups = found.groupdict()
    names = _CURRENCIES[_CODES.get(groups["mark"], groups["mark"])]
    sign = "minus " if groups["sign"] or groups.get("sign2") else ""
    size = groups["long"] or _MAGNITUDES.get(groups["short"] or "", "")
    said = f"{number(groups['amount'])} {size} {names[1]}" if size else _amount(groups["amount"], names)
    return f"{sign}{said}{_per(found)}"


def _per(found: re.Match[str]) -> str:
    return f" per {_PER[found['per']]}" if found["per"] else ""


def _amount(amount: str, names: tuple[str, str, str, str]) -> str:
    whole, point, rest = amount.partition(".")
    one, many, cent, cents = names
    small = rest[:_CENT_DIGITS].ljust(_CENT_DIGITS, "0").lstrip("0")
    if point and (not cent or rest[_CENT_DIGITS:].strip("0")):
        return f"{number(amount)} {many}"
    big = whole.replace(",", "").lstrip("0")
    parts = []
    if big or not small:
        parts.append(f"{cardinal(big or '0')} {one if big == '1' else many}")
    if small:
        parts.append(f"{cardinal(small)} {cent if small == '1' else cents}")
    return " and ".join(parts)


def _plural(name: str) -> str:
    if name.endswith("foot"):
        return name.removesuffix("foot") + "feet"
    return name if name.endswith("z") else name + ("es" if name.endswith("ch") else "s")


_PREFIXED: Final = (
    ("m", "meter", ("k", "c", "m", "\u00b5", "n", "d")),
    ("g", "gram", ("k", "m", "\u00b5")),
    ("l", "liter", ("m", "c", "d")),
    ("L", "liter", ("m",)),
    ("W", "watt", ("k", "M", "G", "m")),
    ("Wh", "watt hour", ("k", "M", "G", "T")),
    ("V", "volt", ("k", "m")),
    ("\u03a9", "ohm", ("k", "M")),
    ("Hz", "hertz", ("k", "M", "G")),
    ("J", "joule", ("k", "M")),
    ("Pa", "pascal", ("h", "k", "M")),
    ("B", "byte", ("k", "K", "M", "G", "T", "P")),
    ("bit", "bit", ("k", "M", "G")),
    ("s", "second", ("m", "\u00b5", "n")),
    ("A", "ampere", ("m",)),
    ("Ah", "ampere hour", ("m",)),
    ("cal", "calorie", ("k",)),
    ("N", "newton", ("k",)),
)
_PREFIXES: Final = table(
    """
    k: kilo; K: kilo; M: mega; G: giga; T: tera; P: peta; h: hecto; d: deci; c: centi; m: milli; µ: micro; n: nano
    """
)
_BARE: Final = table(
    """
    m: meter; g: gram; l: liter; L: liter; W: watt; Wh: watt hour; V: volt; Ω: ohm; Hz: hertz; s: second; h: hour;
    hr: hour; hrs: hour; min: minute; mins: minute; sec: second; secs: second; lb: pound; lbs: pound; oz: ounce; ft:
    foot; yd: yard; mi: mile; gal: gallon; qt: quart; tsp: teaspoon; tbsp: tablespoon; ha: hectare; t: ton; sq ft:
    square foot; sq m: square meter; sq mi: square mile; sq km: square kilometer; px: pixel; dB: decibel; °: degree;
    bar: bar; mbar: millibar; yr: year; yrs: year; wk: week; KiB: kibibyte; MiB: mebibyte; GiB: gibibyte; TiB:
    tebibyte; lm: lumen; nmi: nautical mile
    """
)
_FIXED: Final = table(
    """
    mph: miles per hour; kph: kilometers per hour; kmh: kilometers per hour; rpm: revolutions per minute; fps:
    frames per second; dpi: dots per inch; ppm: parts per million; psi: pounds per square inch; kbps: kilobits per
    second; Mbps: megabits per second; Gbps: gigabits per second; bps: bits per second; %: percent; ‰: per mille; k:
    thousand; bn: billion; mn: million; M: million
    """
)
_LENGTHS: Final = table(
    "mm: millimeter; cm: centimeter; m: meter; km: kilometer; ft: foot; in: inch; mi: mile; yd: yard"
)
_POWERS: Final = table("²: square; 2: square; ^2: square; ³: cubic; 3: cubic; ^3: cubic")
_DEGREES: Final = table("C: Celsius; F: Fahrenheit")
_UNITS: Final[dict[str, tuple[str, str]]] = (
    {symbol: (name, _plural(name)) for symbol, name in _BARE.items()}
    | {p + s: (_PREFIXES[p] + name, _PREFIXES[p] + _plural(name)) for s, name, ps in _PREFIXED for p in ps}
    | {
        length + power: (f"{kind} {name}", f"{kind} {_plural(name)}")
        for length, name in _LENGTHS.items()
        for power, kind in _POWERS.items()
    }
    | {symbol: (name, name) for symbol, name in _FIXED.items()}
    | {
        f"°{gap}{letter}": (f"degree {name}", f"degrees {name}")
        for gap in ("", " ")
        for letter, name in _DEGREES.items()
    }
)
_SYMBOL: Final = "|".join(re.escape(symbol) for symbol in sorted(_UNITS, key=len, reverse=True))
# A dot after a unit belongs to it when the sentence goes on, which shows as long as numbers are still digits.
_DOTTED: Final = re.compile(r"(?<=\d)(\s?(?:mins?|hrs?|secs?|yrs?|lbs?|oz|ft|yd|mi|gal|qt|tsp|tbsp))\.(?=\s[a-z])")
_QUANTITY: Final = re.compile(rf"(?P<n>(?<![A-Za-z]-){SIGNED})(?P<gap>\s?|-)(?P<unit>{_SYMBOL})(?![\w²³^]){_PER_PART}")
_GLUED: Final = frozenset({"k", "M", "mn"})  # "5 M" may be anything, "5M" counts
_FEET_AND_INCHES: Final = re.compile(r"(?<![\w.])(\d{1,2})['′]\s?(\d{1,2})(?:[\"″]|''|\b)")
_INCH_WORD: Final = re.compile(rf"(?<![\w.])({NUMBER})\s?in(?:\.(?=\s[a-z])|(?<=ft \d in)\b|(?<=ft \d\d in)\b)")
_HOURS_AND_MINUTES: Final = re.compile(r"(?<![\w.])(\d{1,3})\s?h\s?([0-5]?\d)\s?(?:m|min)?\b")
_MINUTES_AND_SECONDS: Final = re.compile(r"(?<![\w.])(\d{1,3})\s?m\s?([0-5]?\d)\s?s\b")
_DAYS_AND_HOURS: Final = re.compile(r"(?<![\w.])(\d{1,4})\s?d\s?(?=\d{1,2}\s?h\b)")
_OUT_OF: Final = re.compile(rf"(?<![\w./])(\d+\.\d+)/(?={NUMBER}(?![\w/]))")
_INCHES: Final = re.compile(rf"(?<![\w.])({NUMBER})([\"″])|\"")
_TIMES: Final = re.compile(rf"(?<![\w.])({NUMBER})x\b")
_BY: Final = re.compile(r"(?<=\d)\s?x\s?(?=\d)|(?<=\d{3})×(?=\d{3})")
# Compatibility folding and keyboards disagree about these two.
_GREEK: Final = str.maketrans({"\u03bc": "\u00b5", "\u2126": "\u03a9"})


def units(text: str) -> str:
    text = _BY.sub(" by ", text.translate(_GREEK))
    text = _FEET_AND_INCHES.sub(lambda found: f"{cardinal(found[1])} foot {cardinal(found[2])}", text)
    text = _INCH_WORD.sub(r"\1 inches", _inches(_durations(text)))
    text = _OUT_OF.sub(lambda found: f"{number(found[1])} out of ", text)
    text = _QUANTITY.sub(_quantity, text)
    return _TIMES.sub(lambda found: f"{number(found[1])} times", text)


def _durations(text: str) -> str:
    """Tell minutes from meters: "1h 30m", "5m 20s"."""
    text = _DAYS_AND_HOURS.sub(lambda found: f"{number(found[1])} {'day' if found[1] == '1' else 'days'} ", text)
    return _MINUTES_AND_SECONDS.sub(r"\1 min \2 s", _HOURS_AND_MINUTES.sub(r"\1 h \2 min", text))


def _inches(text: str) -> str:
    """A double quote after a number, where no quotation is open that it would close."""
    quoted = False

    def read(found: re.Match[str]) -> str:
        nonlocal quoted
        if found[2] == "″" or (found[1] and not quoted):
            return f"{number(found[1])} {'inch' if found[1] == '1' else 'inches'}"
        quoted = not quoted
        return found[0]

    return _INCHES.sub(read, text)


def _quantity(found: re.Match[str]) -> str:
    amount, gap, unit = found["n"], found["gap"], found["unit"]
    if unit in _GLUED and gap:
        return found[0]
    one, many = _UNITS[unit]
    if gap == "-":
        return f"{number(amount)}-{one}{_per(found)}"
    return f"{number(amount)} {one if amount.lstrip('+-') == '1' else many}{_per(found)}"

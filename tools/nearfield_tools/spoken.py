"""Numbers, durations, days and times as they are said in English: what the words themselves leave no doubt about.

Small models turn "half past nine" into all sorts of times. Tools read the same words with this strict grammar: what it
understands completely stands, wording it does not know changes nothing. It never guesses, and it resolves nothing:
its days and times are the canonical strings of `when.py`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from nearfield_tools.when import MONTHS, WEEKDAYS

_ONES = tuple(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "  # noqa: SIM905
    "eighteen nineteen".split()
)
_TENS = {w: 10 * n for n, w in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}  # noqa: SIM905
_ORDINALS = {
    w: n
    for n, w in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "  # noqa: SIM905
        "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth".split(),
        1,
    )
} | {"thirtieth": 30}
TEN = 10
_FILLERS = r"\b(?:u+h+|u+m+|e+r+m*|h+m+|like|you know|about|around|approximately|please)\b"


@dataclass(frozen=True)
class Duration:
    """A length of time in the units it was said in."""

    hours: int = 0
    minutes: int = 0
    seconds: int = 0

    @property
    def total(self) -> int:
        """Seconds."""
        return self.hours * 3600 + self.minutes * 60 + self.seconds


def digits(said: str) -> str:
    """`said` in lower case with number words as digits: "Twenty-five past nine" → "25 past 9", "the third" → "the 3rd"."""
    text = said.lower().replace("\u2019", "'").replace("o'clock", "oclock")
    text = re.sub(r"\b([ap])\.? ?m\b\.?", r"\1m", text)
    text = re.sub(r"(?<=[a-z])-(?=[a-z])|(?<=\d)-(?=[a-z])|[,;!?\"]|\.(?!\d)", " ", text)
    text = re.sub(_FILLERS, " ", text)
    words: list[str] = []
    for word in text.split():
        _append(words, word)
    return " ".join(words)


def _append(words: list[str], word: str) -> None:
    """Add a word, as digits if it is a number; a number that continues the last one is added to it."""
    last = words[-1] if words else ""
    value = _ONES.index(word) if word in _ONES else _TENS.get(word)
    ordinal = _ORDINALS.get(word) if not (word == "second" and last in {"a", "1", "per", "every"}) else None
    hundreds = last.isdigit() and last.endswith("00")
    tens = last in {"20", "30", "40", "50", "60", "70", "80", "90"}
    if value is not None and (hundreds or (tens and 0 < value < TEN)):
        words[-1] = str(int(last) + value)
    elif value is not None and last in {"0", "oh"} and value < TEN:
        words[-1] = f"0{value}"
    elif value is not None:
        words.append(str(value))
    elif word == "hundred" and (last in {"a", "an"} or last.isdigit()):
        words[-1] = str(100 * (int(last) if last.isdigit() else 1))
    elif ordinal is not None and last in {"20", "30"} and ordinal < TEN:
        words[-1] = _nth(int(last) + ordinal)
    elif ordinal is not None:
        words.append(_nth(ordinal))
    elif not (word == "and" and hundreds):
        words.append(word)


def _nth(n: int) -> str:
    ending = "th" if 10 < n % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")  # noqa: PLR2004
    return f"{n}{ending}"


_N = r"(?P<n>\d+|an?|a couple of|a few)"
_UNIT = r"(?P<unit>hours?|hrs?|h|minutes?|mins?|seconds?|secs?)\b"
_PART = re.compile(
    rf"\b(?:(?P<share>half|(?:a )?quarter|(?:3|three) quarters)(?: of)? an? (?P<whole>hour|minute)\b"
    rf"|{_N} and (?:a )?half {_UNIT.replace('unit', 'unit2')}"
    rf"|{_N.replace('<n>', '<n3>')} ?{_UNIT.replace('unit', 'unit3')}(?P<half> and (?:a )?half\b)?)"
    rf"|\bhalf hour\b".replace("(?P<n>", "(?P<n>")
)
_SMALLER = {"hour": ("minutes", 60), "minute": ("seconds", 60)}


def durations(said: str) -> list[Duration]:
    """Every length of time that is said, parts that follow each other as one: "1 hour and 20 minutes" is one."""
    text = digits(said)
    found: list[tuple[int, int, dict[str, int]]] = []
    for part in _PART.finditer(text):
        amount = _amount(part)
        if (
            found
            and re.fullmatch(r"(?: and| ,)? ", text[found[-1][1] : part.start()])
            and not set(amount) & set(found[-1][2])
        ):
            start, _, before = found.pop()
            found.append((start, part.end(), before | amount))
        else:
            found.append((part.start(), part.end(), amount))
    return [Duration(**amount) for _, _, amount in found]


def _amount(part: re.Match[str]) -> dict[str, int]:
    if part["share"] or part[0] == "half hour":
        share = part["share"] or "half"
        name, whole = _SMALLER[part["whole"] or "hour"]
        return {name: whole // 2 if share == "half" else whole * (3 if share.endswith("s") else 1) // 4}
    number, unit, half = (
        (part["n"], part["unit2"], True) if part["n"] else (part["n3"], part["unit3"], part["half"] is not None)
    )
    name = {"h": "hour", "m": "minute", "s": "second"}[unit[0]]
    count = {"a": 1, "an": 1, "a couple of": 2, "a few": 3}.get(number) or int(number)
    amount = {f"{name}s": count}
    if half and name in _SMALLER:
        smaller, whole = _SMALLER[name]
        amount[smaller] = whole // 2
    return amount


_HOUR = r"(?P<h>2[0-4]|1\d|0?\d)"
_CUE = r"(?: ?(?P<cue>am|pm)\b)?"
_NOT_A_TIME = r" (?!minutes?|hours?|seconds?|days?|weeks?|percent|euros?|dollars?|of\b)[a-z]"
_WHEN = r" (?:in the (?:morning|afternoon|evening)|at night|tonight|this (?:morning|evening|afternoon))"
_CLOCK = re.compile(
    rf"\b(?:half past {_HOUR.replace('<h>', '<half>')}"
    rf"|half {_HOUR.replace('<h>', '<british>')}(?! (?:hours?|minutes?|seconds?)\b)"
    r"|(?:a )?(?P<quarter>quarter|5|10|20|25|\d{1,2} minutes?) (?P<side>past|after|to|before|till?) "
    rf"{_HOUR.replace('<h>', '<hub>')}"
    rf"|{_HOUR}[:.](?P<m>[0-5]\d)"
    rf"|\b{_HOUR.replace('<h>', '<h2>')}[ -](?P<m2>[0-5]\d)(?=$| ?(?:am|pm)\b|{_NOT_A_TIME})"
    rf"|{_HOUR.replace('<h>', '<sharp>')} ?oclock"
    rf"|(?<=at ){_HOUR.replace('<h>', '<at>')}(?![\d:.]|st\b|nd\b|rd\b|th\b| (?:hours?|minutes?|seconds?)\b)"
    rf"|{_HOUR.replace('<h>', '<plain>')}(?= ?(?:am|pm)\b|{_WHEN})"
    rf"|(?P<named>noon|midday|midnight)){_CUE}"
)
_MORNING = re.compile(r"\bmorning\b")
_LATER = re.compile(r"\b(?:afternoon|evening|tonight|at night|night)\b")


def times(said: str) -> list[str]:
    """Every time of day that is said, as `when.Time` writes it: am or pm only where it was said."""
    text = digits(said)
    found = [_time(m, text) for m in _CLOCK.finditer(text)]
    return [t for t in dict.fromkeys(found) if t]


_SPAN = re.compile(rf"\bfrom (?P<a>{_HOUR.replace('<h>', '<x>')}(?:[:. ][0-5]\d)?) ?(?:am|pm)? (?:to|till?|until) ")


def span(said: str) -> tuple[str, int] | None:
    """What "from 2 to 3:30 pm" means, as (when it begins, minutes); None when no such stretch is said."""
    text = digits(said)
    found = _SPAN.search(text)
    if not found:
        return None
    ends = times("at " + text[found.end() :])
    cue = " pm" if ends and ends[0].endswith("pm") else ""
    starts = times(f"at {found['a']}{cue}")
    if not ends or not starts:
        return None
    minutes = (_minute_of_day(ends[0]) - _minute_of_day(starts[0])) % (12 * 60)
    return (starts[0], minutes) if minutes else None


def _minute_of_day(time: str) -> int:
    hour, _, rest = {"noon": "12:00", "midnight": "0:00"}.get(time, time).partition(":")
    return (int(hour) % 12) * 60 + int(rest[:2])


def _time(m: re.Match[str], text: str) -> str:
    if m["named"]:
        return "midnight" if m["named"] == "midnight" else "noon"
    if m["quarter"]:
        minute = 15 if m["quarter"] == "quarter" else int(m["quarter"].split()[0])
        later = m["side"] in {"past", "after"}
        hour, minute = (int(m["hub"]), minute) if later else ((int(m["hub"]) - 1) % 24, 60 - minute)
        hour = 12 if hour == 0 and not later else hour
    elif m["half"] or m["british"]:
        hour, minute = int(m["half"] or m["british"]), 30
    else:
        hour = int(m["h"] or m["h2"] or m["sharp"] or m["at"] or m["plain"])
        minute = int(m["m"] or m["m2"] or 0)
    if not (0 <= hour <= 24 and 0 <= minute <= 59):  # noqa: PLR2004
        return ""
    return f"{hour % 24}:{minute:02}{_half_day(m['cue'], hour, text)}"


def _half_day(cue: str | None, hour: int, text: str) -> str:
    if hour > 12 or hour == 0:  # noqa: PLR2004
        return ""
    if cue:
        return f" {cue}"
    if _MORNING.search(text):
        return " am" if not _LATER.search(text) else ""
    return " pm" if _LATER.search(text) else ""


_WEEKDAY = rf"(?P<weekday>{'|'.join(WEEKDAYS)})"
_MONTH = rf"(?P<month>{'|'.join(MONTHS)})"
_DATE = r"(?P<date>\d{1,2})(?:st|nd|rd|th)?"
_AFTER_DATE = r" (?:at|for|from|in|until|till|to|please|is|was|we|i|and|so|with|as|free|half|quarter|noon|\d)"
_DAYS = re.compile(
    r"\b(?:(?P<fixed>day after tomorrow|tomorrow|today|tonight|yesterday)"
    r"|this (?P<part>morning|afternoon|evening)"
    rf"|(?P<weeks>a|\d) weeks? (?:from|after) (?P<from>today|tomorrow|now|(?:next )?{_WEEKDAY.replace('<weekday>', '<fromday>')})"
    rf"|{_WEEKDAY.replace('<weekday>', '<weekly>')} week\b"
    r"|in (?P<count>an?|\d{1,3}) (?P<what>day|week)s?|(?P<count2>an?|\d{1,3}) (?P<what2>day|week)s? from now"
    rf"|(?P<which>this|next|last|every)? ?{_WEEKDAY}s?\b"
    rf"|(?:the )?{_DATE} (?:of )?{_MONTH}(?: (?P<year>20\d\d))?"
    rf"|{_MONTH.replace('<month>', '<month2>')} (?:the )?{_DATE.replace('<date>', '<date2>')}\b(?: (?P<year2>20\d\d))?"
    rf"|the (?P<day>\d{{1,2}})(?:st|nd|rd|th)\b(?=$|{_AFTER_DATE})"
    r"|(?P<spanwhich>this|next|the|my) (?P<span>week(?:end)?|month)\b(?! (?:from|after)))"
)


def days(said: str) -> list[str]:
    """Every day or stretch of days that is said, as `when.Days` writes it. "" stands for one it has no form for."""
    text = digits(said)
    found = [_day(m) for m in _DAYS.finditer(text)]
    return list(dict.fromkeys(d for d in found if d is not None))


def _day(m: re.Match[str]) -> str | None:  # noqa: PLR0911  # one return a form
    if m["fixed"] or m["part"]:
        return "today" if m["part"] or m["fixed"] == "tonight" else m["fixed"]
    if m["weeks"]:
        start = "today" if m["from"] == "now" else m["from"]
        ahead = 1 if m["weeks"] == "a" else int(m["weeks"])
        return (
            ""
            if start.startswith("next") or not ahead
            else f"{'a week' if ahead == 1 else f'{ahead} weeks'} from {start}"
        )
    if m["weekly"]:
        return f"a week from {m['weekly']}"
    if m["count"] or m["count2"]:
        count, what = m["count"] or m["count2"], m["what"] or m["what2"]
        number = 1 if count in {"a", "an"} else int(count)
        return f"in {number} {what}{'' if number == 1 else 's'}" if number else ""
    if m["weekday"]:
        which = m["which"]
        return "" if which in {"last", "every"} else f"{which} {m['weekday']}" if which else m["weekday"]
    if m["month"] or m["month2"]:
        year = m["year"] or m["year2"]
        return f"{m['month'] or m['month2']} {int(m['date'] or m['date2'])}" + (f" {year}" if year else "")
    if m["day"]:
        return str(int(m["day"]))
    if m["spanwhich"] == "the":
        return "this weekend" if m["span"] == "weekend" else None
    return f"{'this' if m['spanwhich'] == 'my' else m['spanwhich']} {m['span']}"


def said_in(words: str, said: str) -> bool:
    """Whether every word of `words` was said, in any order; endings such as -s do not matter."""
    heard = {_stem(w) for w in re.findall(r"[\w']+", said.lower())} | {
        _stem(w) for w in re.findall(r"\w+", digits(said))
    }
    return all(_stem(w) in heard for w in re.findall(r"[\w']+", words.lower()))


def _stem(word: str) -> str:
    return re.sub(r"(?:'s|s'|s)$", "", word)

"""Addresses, file names and abbreviations as English words."""

from __future__ import annotations

import re
from typing import Final

from nearfield.speakable.english_numbers import cardinal, digits
from nearfield.speakable.tables import table

_EMAIL: Final = re.compile(r"(?<![\w.+@-])([\w.+-]{1,64})@((?:[A-Za-z0-9-]{1,63}\.){1,6}[A-Za-z]{2,24})\b")
_TOP: Final = (
    "com|org|net|edu|gov|mil|info|biz|int|io|dev|app|ai|tv|eu|uk|de|fr|es|pt|nl|ch|se|dk|fi|pl|cz|ru|cn|jp|kr|au|nz|ca|br|mx"
    r"|(?:com|co|org|net|gov|ac|edu)\.[a-z]{2}"
)
_HOST: Final = re.compile(
    rf"(?<![\w@.-])((?:[a-z0-9][a-z0-9-]{{0,62}}\.){{1,6}}(?:{_TOP}))\b(?![\w@-]|\.\w)", re.IGNORECASE
)
_EXTENSION: Final = (
    "txt|md|pdf|docx?|odt|rtf|csv|tsv|xlsx?|ods|pptx?|odp|jpe?g|png|gif|bmp|svg|webp|heic|tiff?|mp3|mp4|m4a|wav|flac|ogg|opus|avi"
    "|mkv|mov|webm|zip|tar|gz|bz2|xz|7z|rar|json|ya?ml|toml|xml|html?|css|js|ts|tsx|jsx|py|ipynb|sh|bat|ps1|rb|rs|cpp|hpp|java|kt"
    "|swift|sql|db|sqlite|log|ini|cfg|conf|env|lock|bak|tmp|exe|dll|so|deb|rpm|apk|iso|img|bin|dat|ics|vcf|eml|epub|mobi|gguf|onnx"
)
_FILE: Final = re.compile(
    rf"(?<![\w@])([\w-]{{1,80}}(?:\.[\w-]{{1,32}}){{0,3}}?)?\.({_EXTENSION})\b(?!\.\w|@)", re.IGNORECASE
)
_SAID_ENDINGS: Final = table(
    """
    zip: zip; doc: doc; log: log; bin: bin; bat: bat; tar: tar; gif: gif; lock: lock; java: java; swift: swift;
    conf: conf; toml: toml; iso: iso; jpg: jpeg; jpeg: jpeg; yaml: yaml; yml: yaml; json: jason; wav: wave; flac:
    flack; docx: doc x; tiff: tiff; epub: e pub; opus: opus; env: env; sqlite: sequel light; com: com; org: org;
    net: net; info: info; biz: biz; dev: dev; app: app; edu: edu; gov: gov; mil: mil; mobi: mobi
    """
)
_WORD_PARTS: Final = re.compile(r"\d+|[^\W\d_]+|[._+-]")
_MARKS: Final = {".": "dot", "_": "underscore", "-": "dash", "+": "plus"}
_SHORT_RUN: Final = 2
_COUNTRY: Final = 2


def addresses(text: str) -> str:
    text = _EMAIL.sub(lambda found: f"{_spelled(found[1])} at {_host(found[2])}", text)
    text = _HOST.sub(lambda found: _host(found[1]), text)
    return _FILE.sub(_file, text).replace("_", " ")


def _spelled(text: str) -> str:
    return " ".join(_word_part(part) for part in _WORD_PARTS.findall(text))


def _word_part(part: str) -> str:
    if part.isdigit():
        return cardinal(part) if len(part) <= _SHORT_RUN else digits(part)
    return _MARKS.get(part, part)


def _host(host: str) -> str:
    """Words stay words, a country is spelled: "bbc.co.uk" is "b b c dot co dot U K"."""
    labels = host.split(".")
    return " dot ".join([*map(_label, labels[:-1]), _top(labels[-1])])


def _label(label: str) -> str:
    said = _spelled(label)
    return " ".join(said) if label.isalpha() and not re.search("[aeiouy]", label, re.IGNORECASE) else said


def _top(label: str) -> str:
    low = label.lower()
    return low if low in _SAID_ENDINGS or len(low) > _COUNTRY else " ".join(low.upper())


def _file(found: re.Match[str]) -> str:
    base, ending = found[1] or "", found[2].lower()
    said = _SAID_ENDINGS.get(ending) or " ".join(_word_part(char) for char in ending)
    # The name itself is read by the rules that follow: it may hold a year or an initialism.
    return f"{re.sub('[_-]', ' ', base).replace('.', ' dot ')} dot {said}"


_BEFORE_NAMES: Final = table(
    """
    dr: doctor; mr: mister; mrs: missus; ms: miz; prof: professor; st: saint; gen: general; col: colonel; capt:
    captain; lt: lieutenant; sgt: sergeant; gov: governor; sen: senator; rep: representative; rev: reverend; pres:
    president; mt: mount; ft: fort; hon: honorable
    """
)
_AFTER_NAMES: Final = table(
    """
    st: street; dr: drive; ave: avenue; blvd: boulevard; rd: road; ln: lane; ct: court; sq: square; hwy: highway;
    jr: junior; sr: senior; inc: incorporated; ltd: limited; co: company; corp: corporation; bros: brothers
    """
)
_BEFORE_NUMBERS: Final = table(
    """
    no: number; nos: numbers; nr: number; vol: volume; fig: figure; figs: figures; eq: equation; ch: chapter; sec:
    section; art: article; p: page; pp: pages; ext: extension; tel: telephone; max: maximum; min: minimum; apt:
    apartment; pt: part
    """
)
_ANYWHERE: Final = table(
    """
    e.g: for example; i.e: that is; etc: et cetera; vs: versus; approx: approximately; ca: circa; et al: and others;
    cf: compare; viz: namely; incl: including; excl: excluding; dept: department; est: estimated; avg: average;
    a.k.a: also known as; govt: government; univ: university; assn: association; appt: appointment; resp:
    respectively; misc: miscellaneous; p.s: P S
    """
)
_UNDOTTED: Final = table(
    """
    etc: et cetera; vs: versus; w/o: without; w/: with ; b/c: because; and/or: and or; he/she: he or she; his/her:
    his or her; yes/no: yes or no; n/a: not applicable; c/o: care of
    """
)


def _any_of(names: dict[str, str]) -> str:
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))


_CAPITAL: Final = r"(?=\s(?:and\s)?[A-Z])"
_BEFORE_NAME: Final = re.compile(
    rf"(?<![\w.])({'|'.join(name.capitalize() for name in _BEFORE_NAMES)})\.{_CAPITAL}|\b(Dr|Mr|Mrs|Ms|Prof){_CAPITAL}"
)
_AFTER_NAME: Final = re.compile(
    rf"(?<=[A-Za-z])(,?\s)({'|'.join(name.capitalize() for name in _AFTER_NAMES)})(?:\.|(?=,|$))(?!\w)"
)
_NAME_BEFORE_SAINT: Final = re.compile(r"[A-Z]\w*|\w*\d(?:st|nd|rd|th)")
_BEFORE_NUMBER: Final = re.compile(rf"(?<![\w.])({_any_of(_BEFORE_NUMBERS)})\.\s?(?=\d)", re.IGNORECASE)
_DOTTED: Final = re.compile(rf"(?<![\w.])({_any_of(_ANYWHERE)})\.(?!\w)", re.IGNORECASE)
_BARE: Final = re.compile(rf"(?<![\w/.])({_any_of(_UNDOTTED)})(?![\w/.]|(?<!/)/)", re.IGNORECASE)
_ENDS_SENTENCE: Final = re.compile(r"\s?$|\s[A-Z](?![A-Z])")
_MAY_END: Final = frozenset({"etc", "et al", "resp", "p.s"})


def abbreviations(text: str) -> str:
    text = _AFTER_NAME.sub(_after_name, text)
    text = _BEFORE_NAME.sub(lambda found: _BEFORE_NAMES[(found[1] or found[2]).lower()], text)
    text = _BEFORE_NUMBER.sub(lambda found: f"{_BEFORE_NUMBERS[found[1].lower()]} ", text)
    text = _DOTTED.sub(_dotted, text)
    return _BARE.sub(lambda found: _UNDOTTED[found[1].lower()], text)


def _stop(found: re.Match[str], *, may_end: bool = True) -> str:
    """The full stop, where the abbreviation was also the end of its sentence."""
    return "." if may_end and found[0][-1] == "." and _ENDS_SENTENCE.match(found.string, found.end()) else ""


def _after_name(found: re.Match[str]) -> str:
    """Tell "Main St.", a street, from "on St. Mary" and "with Dr. Evil", which stand before names."""
    word = re.search(r"\w{0,40}$", found.string[max(0, found.start() - 40) : found.start()])
    named = word is not None and _NAME_BEFORE_SAINT.fullmatch(word[0]) is not None
    short = found[2].lower()
    if short in _BEFORE_NAMES and not named:
        return found[0]
    return f"{found[1]}{_AFTER_NAMES[short]}{_stop(found)}"


def _dotted(found: re.Match[str]) -> str:
    short = found[1].lower()
    return _ANYWHERE[short] + _stop(found, may_end=short in _MAY_END)

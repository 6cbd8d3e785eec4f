"""What must never be spoken, taken out of a text in any language: markup, addresses, machine talk, emoji.

`plain` is total and takes linear time: it also meets text that strangers wrote. What it decides: a code block becomes a
pause, inline code keeps its words; a link is its text, a bare URL the name of its site; a table row is its cells with
commas; list items and headings end like sentences. Digits, units, symbols and e-mail addresses are the language's.
"""

# ruff: noqa: RUF001 - look-alike characters are what this file is about

from __future__ import annotations

import html
import re
import unicodedata
from functools import lru_cache
from typing import Final

from nearfield.speakable.hidden import hide
from nearfield.speakable.tables import names, table

_ENTITY: Final = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,31});")
_COMMENT: Final = re.compile(r"<!--(?:(?!-->|<!--).)*+(?:-->)?|<[!?]\w[^<>]{0,300}>", re.DOTALL)
# A blank inside needs an attribute: "a<b and c>d" is no tag.
_HTML: Final = re.compile(r"</?([A-Za-z_][\w:-]{0,40}+)(?:\s[^<>=]{0,200}+=[^<>]{0,2000}+|=[^<>]{0,300}+|\s{0,3}/?)>")
_INLINE_HTML: Final = frozenset(names("a abbr b big cite code em font i ins kbd mark q s small span strong tt u"))
_BLOCK_HTML: Final = frozenset(names("p br div tr ul ol table section article blockquote pre h1 h2 h3 h4 h5 h6 hr"))

_TARGET: Final = r"(?:\((?:[^()\n]|\([^()\n]*\))*+\)|\[[^\[\]\n]*\])"
_IMAGE: Final = re.compile(r"!\[([^\[\]]*)\]" + _TARGET)
_LINK: Final = re.compile(r"\[([^\[\]]*)\]" + _TARGET)
_REFERENCE: Final = re.compile(r"^[ \t]{0,3}\[[^\[\]\n]{1,200}\]:[ \t]+\S+[^\n]*$", re.MULTILINE)
_FOOTNOTE: Final = re.compile(r"\[\^[^\[\]\s]{1,40}\]|(?<=[^\W\d_.,;])\[\d{1,3}(?:[,–-] ?\d{1,3}){0,5}\]")
_DATA_URL: Final = re.compile(r"\bdata:[\w/+.-]{1,60}[;,][^\s\"'<>)]*")
_SCHEMES: Final = r"(?:https?|ftps?|file|wss?|git|ssh)://"
_IN_URL: Final = r"[^\s<>\"“”`|]"
_URL: Final = re.compile(rf"<?(\b{_SCHEMES}{_IN_URL}+|(?<![\w.@/-])www\.{_IN_URL}+)>?", re.IGNORECASE)
_TOP: Final = "com|org|net|edu|gov|info|io|dev|app|ai|uk|de|fr|it|es|eu|ca|au|jp"
_PAGE: Final = re.compile(
    rf"(?<![\w.@/-])((?:[a-z0-9-]{{1,63}}\.){{1,5}}+(?:{_TOP})(?::\d{{1,5}})?[/?]{_IN_URL}*)", re.IGNORECASE
)
_MAILTO: Final = re.compile(r"\b(?:mailto|tel):(?=\S)", re.IGNORECASE)
_AFTER_URL: Final = ".,;:!?)]}'*_~"
_SPOKEN_AFTER_URL: Final = ".,;:!?)"
# Hashes, keys, base64: no ear takes them in.
_BLOB: Final = re.compile(r"(?<!\S)(?=\S{0,64}\d)[A-Za-z0-9+/=_-]{40,}+(?!\S)|(?<!\S)[!-~]{120,}+")

_TEX: Final = table(
    """
    times: ×; cdot: ×; div: ÷; pm: ±; approx: ≈; le: ≤; leq: ≤; ge: ≥; geq: ≥; neq: ≠; ne: ≠; to: →; rightarrow: →;
    infty: ∞; sqrt: √; degree: °; circ: °; pi: π; alpha: α; beta: β; gamma: γ; delta: δ; theta: θ; lambda: λ; mu: μ
    """
) | dict.fromkeys(names("text mathrm mathbf left right quad begin end boxed"), " ")
_TEX_FRACTION: Final = re.compile(r"\\[dt]?frac\{([^{}\\]{0,80})\}\{([^{}\\]{0,80})\}")
_TEX_WORD: Final = re.compile(r"(?<![\w:])\\([A-Za-z]{2,12})(?![A-Za-z])")
_TEX_BRACKET: Final = re.compile(r"\\[()\[\],;! ]")
_ESCAPE: Final = re.compile(r"\\([!-/:-@\[-`{-~])")
_EMOTICON: Final = re.compile(r"(?<!\S)(?:[:;=]'?-?[()DPpOo3/\\|]{1,3}|<3|xD|XD)(?=[\s.,!?]|$)")
_STARS: Final = re.compile(r"\*{2,}|(?<![\d\s])\*|\*(?![\d\s])")
_UNDERSCORES: Final = re.compile(r"(?<![^\W_])_+|_+(?![^\W_])")
_FENCING: Final = re.compile(r"~~+|`+|(?<!\S)==(?=\w)|(?<=\w)==(?!\S)")

_QUOTE: Final = re.compile(r"\s{0,3}(?:>(?!\d)[ \t]?)+")
_RULE: Final = re.compile(r"\s*(?:(?:-[ \t]*){2,}+|(?:\*[ \t]*){2,}+|(?:=[ \t]*){2,}+)")
_HEADING: Final = re.compile(r"\s{0,3}#{1,6}[ \t]+(\S.*)")
_BULLET: Final = re.compile(r"\s*(?:[-*+–—][ \t]+|[•‣·][ \t]*)(?:\[[ xX]\][ \t]+)?(.*)")
_NUMBERED: Final = re.compile(r"\s*(\d{1,3})[.)][ \t]+(?:\[[ xX]\][ \t]+)?(\D.*)")
_LINE_OF_A_LIST: Final = 60
"""A line shorter than this that the next one does not go on from is an entry, not wrapped prose."""

_SPACES: Final = re.compile(r"\s+")
_SPACE_BEFORE: Final = re.compile(r" ([.,;!?]+)(?= |$)")
_WIDE_SPACES: Final = re.compile("(?<=\\d)[\u00a0\u2007\u2009\u202f](?=\\d{3}(?!\\d))")
_KEPT: Final = frozenset("°№½¼¾⅓⅔⅛⅜⅝⅞⅕⅖⅗⅘⅙⅚²³^`\n")
_SAME: Final = str.maketrans(dict.fromkeys("‘’‚‛ʼ", "'") | dict.fromkeys("‐‑−", "-") | {"\r": "\n", "\u2028": "\n"})
_MOST_MARKS: Final = 2  # accents on one letter; more is decoration, and slow to put in order


def plain(text: str) -> str:
    """`text` as one line of words and punctuation. Never raises."""
    text = _ENTITY.sub(lambda entity: html.unescape(entity[0]), text)
    line = _SPACES.sub(" ", _blocks(_inline("\n" + hide(_characters(text))))).strip()
    return _SPACE_BEFORE.sub(r"\1", line)


def _characters(text: str) -> str:
    """Letters, digits and symbols in their plainest form; what is invisible or a picture is gone."""
    text = _WIDE_SPACES.sub("", text.replace("\r\n", "\n")).translate(_SAME)
    kept: list[str] = []
    marks = 0
    for char in text:
        marks = marks + 1 if unicodedata.combining(char) else 0
        if marks <= _MOST_MARKS:
            kept.append(_character(char))
    return unicodedata.normalize("NFC", "".join(kept))


@lru_cache(maxsize=4096)
def _character(char: str) -> str:
    if char in _KEPT or " " <= char <= "~":
        return char
    category = unicodedata.category(char)
    if char.isspace():
        return " "
    if category == "Nd":
        return str(unicodedata.digit(char))
    if category in {"Cc", "Cf", "Co", "Cs", "Cn", "Me", "Sk"} or "\ufe00" <= char <= "\ufe0f":
        return ""
    folded = unicodedata.normalize("NFKC", char)
    if category == "So":
        return folded if folded != char and char not in "™℠" else " "
    return "".join(part for part in folded if not part.isspace()) or " "


def _inline(text: str) -> str:
    text = _COMMENT.sub(" ", _DATA_URL.sub(" ", text))
    text = _LINK.sub(r"\1", _IMAGE.sub(r"\1", _REFERENCE.sub("", text)))
    text = _PAGE.sub(_host, _URL.sub(_host, _MAILTO.sub("", _FOOTNOTE.sub("", text))))
    text = _EMOTICON.sub(" ", _HTML.sub(_tag, text))
    text = _TEX_BRACKET.sub(" ", _TEX_FRACTION.sub(r"\1/\2", text))
    text = _ESCAPE.sub(r"\1", _TEX_WORD.sub(lambda command: _TEX.get(command[1], command[1]), text))
    return _BLOB.sub(" ", _FENCING.sub("", _UNDERSCORES.sub("", _STARS.sub("", text))))


def _host(found: re.Match[str]) -> str:
    """The site of a URL, or the name of a local file."""
    url = found[1].rstrip(_AFTER_URL)
    after = "".join(char for char in found[1][len(url) :] if char in _SPOKEN_AFTER_URL)
    scheme, _, rest = url.rpartition("://") if url.lower().startswith("file:") else ("", "", url.split("://", 1)[-1])
    if scheme:
        return rest.rsplit("/", 1)[-1] + after
    host = re.split(r"[/?#]", rest, maxsplit=1)[0].rsplit("@", 1)[-1].split(":")[0]
    return host.lower().removeprefix("www.") + after


def _tag(found: re.Match[str]) -> str:
    name = found[1].lower()
    if name == "li":
        return "\n- " if found[0][1] != "/" else "\n"
    return "" if name in _INLINE_HTML else "\n" if name in _BLOCK_HTML else " "


def _blocks(text: str) -> str:
    """Lines joined: items and headings become sentences, wrapped prose goes on."""
    parts: list[str] = []
    closed = False
    for raw in text.split("\n"):
        line, whole = _line(raw)
        if not line:
            closed = True
            continue
        if parts and (closed or whole):
            parts[-1] = _ended(parts[-1], ".")
        elif parts and len(parts[-1]) < _LINE_OF_A_LIST and not line[0].islower():
            parts[-1] = _ended(parts[-1], ",")
        parts.append(line)
        closed = whole
    if closed and parts:
        parts[-1] = _ended(parts[-1], ".")
    return " ".join(parts)


def _line(raw: str) -> tuple[str, bool]:
    """The words of a line, and whether it stands for itself."""
    quote = _QUOTE.match(raw)
    line = raw[quote.end() :] if quote else raw
    if _RULE.fullmatch(line) or not line.strip(" \t|:+-"):
        return "", True
    if line.lstrip().startswith("|") or line.count(" | ") > 1:
        return ", ".join(cell.strip() for cell in line.split("|") if cell.strip()), True
    if heading := _HEADING.match(line):
        return heading[1].rstrip("# \t"), True
    if bullet := _BULLET.match(line):
        return bullet[1].strip(), True
    if numbered := _NUMBERED.match(line):
        return f"{numbered[1]}. {numbered[2].strip()}", True
    return line.strip(), False


def _ended(text: str, mark: str) -> str:
    return text if text.rstrip("\"')*_ ")[-1:] in set(".,;:!?…—") else text + mark

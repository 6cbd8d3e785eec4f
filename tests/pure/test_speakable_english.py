"""Everything that is not a word is said the way a person would say it, in English."""

# ruff: noqa: RUF001 - look-alike characters are what this file is about

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nearfield.speakable import LANGUAGES, speakable

SPOKEN_MARKS = set(".,;:?!-—' ")


def says(cases: str):
    """Cases from lines of "written | spoken"."""
    lines = [line.split(" | ") for line in cases.strip().splitlines()]
    return pytest.mark.parametrize(("written", "spoken"), [(a.strip(), b.strip()) for a, b in lines])


@says("""
    ann@example.com | ann at example dot com
    bob_s.99@mail.example.co.uk | bob underscore s dot ninety-nine at mail dot example dot co dot U K
    https://www.example.com/a?b=1 | example dot com
    open shopping.txt | open shopping dot t x t
    notes.md | notes dot m d
    report_2026.pdf | report twenty twenty-six dot p d f
    song.mp3 | song dot m p three
    a .csv file | a dot c s v file
""")
def test_addresses_and_files(written, spoken):
    """E-mail addresses, sites and file names."""
    assert speakable(written) == spoken


@says("""
    Dr. Smith | doctor Smith
    Mr. and Mrs. Jones | mister and missus Jones
    e.g. apples, i.e. fruit | for example apples, that is fruit
    cats, dogs, etc. | cats, dogs, et cetera.
    us vs. them | us versus them
    No. 5 | number five
    No. Not now. | No. Not now.
    #1 | number one
    Main St. and St. Mary | Main street and saint Mary
    approx. 5 | approximately five
    pp. 3-5 | pages three to five
    708 N 1st St, Reno, NV | seven oh eight North first street, Reno, Nevada
    w/o sugar | without sugar
""")
def test_abbreviations(written, spoken):
    """Abbreviations are read out, and a full stop that ends a sentence stays."""
    assert speakable(written) == spoken


@says("""
    a USB stick | a U S B stick
    NASA and NATO | NASA and NATO
    two PCs | two P C's
    the U.S. economy | the U S economy
    AT&T | A T and T
    OK then | okay then
    WARNING: DO NOT TOUCH | warning: do not touch
    Henry VIII | Henry the eighth
    World War II | World War two
    Chapter IV | Chapter four
    I am | I am
    Elizabeth I. | Elizabeth the first.
""")
def test_capitals(written, spoken):
    """Initialisms are spelled, acronyms are words, Roman numerals are numbers where they must be."""
    assert speakable(written) == spoken


@says(
    """
    salt & pepper | salt and pepper
    2 + 2 = 4 | two plus two equals four
    3 × 4 ÷ 2 | three times four divided by two
    10 ± 2 | ten plus or minus two
    x² | x squared
    and/or | and or
    in/out | in slash out
    ~20 | about twenty
    <5 and >9 | less than five and more than nine
    C++ and C# | C plus plus and C sharp
    π ≈ 3 | pi about three
    (see below) now | see below, now
    one... two | one, two
    "yes", he said | yes, he said
    stop - now | stop, now
    really?! | really?
    so ☃ ¤ ¶ what | so what
"""
)
def test_symbols(written, spoken):
    """Symbols with a name are said, others are dropped."""
    assert speakable(written) == spoken


def test_a_reply_as_models_write_it():
    """A whole reply, with everything at once."""
    reply = "**Today**, 2026-11-22: it's 7 °C.\n- 9:00 Dentist (Dr. Lee)\n- 14:30 call +1 212-555-0199 📞\n"
    assert speakable(reply) == (
        "Today, November twenty-second, twenty twenty-six: it's seven degrees Celsius. "
        "nine o'clock Dentist, doctor Lee. "
        "two thirty in the afternoon call plus one, two one two, five five five, zero one nine nine."
    )


def test_a_language_without_words_keeps_its_digits():
    """A language that has no rules yet leaves the digits to its voice, and loses the markup all the same."""
    assert speakable("**Um 9:30 Uhr**, 5 km 🎉", "de-DE") == "Um 9:30 Uhr, 5 km"
    assert speakable("**5** km", "en_GB") == "five kilometers"
    assert set(LANGUAGES) == {"en"}


def test_nothing_to_say_is_nothing():
    """Text without anything speakable becomes empty."""
    assert [speakable(text) for text in ("", "***", "🎉", "```x```", "...", "()")] == [""] * 6


_PARTS = (
    "3|1,2|0|12|2026|/|-|–|:|.|,|$|€|%|°C| km|am| p.m.| |Jan |½|²|th|st|s|x|MB|/h"
    "|IV|I|Dr. |St. |U.S.|#|@|a.com|é|ж|٣|'|=|e"
)
_FRAGMENTS = st.sampled_from(_PARTS.split("|"))


@settings(max_examples=250, deadline=None)
@given(st.one_of(st.text(st.characters(), max_size=60), st.lists(_FRAGMENTS, max_size=20).map("".join)))
def test_only_letters_and_pauses_are_left(text):
    """Whatever comes in, no digit and no symbol goes out."""
    spoken = speakable(text)
    assert all(char.isalpha() or char in SPOKEN_MARKS for char in spoken)
    assert spoken == " ".join(spoken.split())


@pytest.mark.parametrize(
    "unit", ["1", "1.", "1-", "1/2 ", "9:30 ", "a@", "A.", "St. ", '5" ', "“", ".", "1 000 ", "5 km "]
)
def test_takes_linear_time(unit):
    """Numbers made to be slow take time that grows with their length only."""
    began = time.perf_counter()
    speakable(unit * (8_000 // len(unit)))
    assert time.perf_counter() - began < 2.0  # a quadratic rule takes minutes

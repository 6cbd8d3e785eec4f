"""Numbers, amounts, times and dates are said the way a person would say them, in English."""

# ruff: noqa: RUF001 - look-alike characters are what this file is about

from __future__ import annotations

import pytest

from nearfield.speakable import speakable


def says(cases: str):
    """Cases from lines of "written | spoken"."""
    lines = [line.split(" | ") for line in cases.strip().splitlines()]
    return pytest.mark.parametrize(("written", "spoken"), [(a.strip(), b.strip()) for a, b in lines])


@says("""
    I have 3 cats | I have three cats
    1,234 people | one thousand two hundred and thirty-four people
    123456 lines | one hundred and twenty-three thousand four hundred and fifty-six lines
    1000000 | one million
    3.14 | three point one four
    .5 | point five
    0.05 | zero point zero five
    -7 | minus seven
    +1 | plus one
    5 000 000 | five million
    2.5 million | two point five million
    6.02e23 | six point zero two times ten to the power of twenty-three
    007 | zero zero seven
    5-year-old | five-year-old
    ٣ cats | three cats
""")
def test_numbers(written, spoken):
    """Cardinals, decimals and signs."""
    assert speakable(written) == spoken


@says("""
    1st, 2nd and 3rd | first, second and third
    the 21st century | the twenty-first century
    1,000th | one thousandth
    1/2 | one half
    3/4 cup | three quarters cup
    2 1/2 | two and a half
    1½ | one and a half
    5/8 | five eighths
    120/80 | one hundred and twenty over eighty
    24/7 | twenty-four seven
    4.5/5 | four point five out of five
""")
def test_ordinals_and_fractions(written, spoken):
    """Ordinals and parts."""
    assert speakable(written) == spoken


@says("""
    in 1985 | in nineteen eighty-five
    2026 was | twenty twenty-six was
    since 1905 | since nineteen oh-five
    1536 files | one thousand five hundred and thirty-six files
    the 1990s | the nineteen nineties
    the '80s | the eighties
    mid-70s | mid-seventies
    1914-1918 | nineteen fourteen to nineteen eighteen
    1990–95 | nineteen ninety to ninety-five
""")
def test_years(written, spoken):
    """Years and decades, told from amounts."""
    assert speakable(written) == spoken


@says("""
    3-5 km | three to five kilometers
    10–20% | ten to twenty percent
    pages 7 - 9 | pages seven to nine
    $5-10 | five to ten dollars
    2-1 | two to one
    9 - 3 = 6 | nine minus three equals six
    16:9 | sixteen to nine
""")
def test_ranges(written, spoken):
    """Ranges, scores and differences."""
    assert speakable(written) == spoken


@says("""
    $3.50 | three dollars and fifty cents
    $1 | one dollar
    $0.01 | one cent
    €1,200 | one thousand two hundred euros
    1.200,50 € | one thousand two hundred euros and fifty cents
    £5m | five million pounds
    $2.5 billion | two point five billion dollars
    -$40 | minus forty dollars
    ¥500 | five hundred yen
    20 USD | twenty dollars
    £1.99/month | one pound and ninety-nine pence per month
    75¢ | seventy-five cents
""")
def test_money(written, spoken):
    """Amounts of money."""
    assert speakable(written) == spoken


@says("""
    9:00 | nine o'clock
    9:30 | nine thirty
    09:05 | nine oh five
    12:00 | twelve o'clock
    15:30 | three thirty in the afternoon
    17:00 | five in the afternoon
    20:15 | eight fifteen in the evening
    23:59 | eleven fifty-nine at night
    00:00 | midnight
    9:30 a.m. | nine thirty in the morning.
    at 9am today | at nine in the morning today
    3 p.m. on Monday | three in the afternoon on Monday
    3 P.M. | three in the afternoon.
    12 pm | noon
    12:00 noon | twelve noon
    7 pm tonight | seven tonight
    tomorrow at 8:00 in the morning | tomorrow at eight in the morning
    9am-5pm | nine in the morning to five in the afternoon
    9:00–17:00 | nine o'clock to five in the afternoon
    8:15:30 | eight fifteen and thirty seconds
""")
def test_times(written, spoken):
    """Times of day."""
    assert speakable(written) == spoken


@says("""
    2026-11-22 | November twenty-second, twenty twenty-six
    22/11/2026 | the twenty-second of November, twenty twenty-six
    11/22/2026 | November twenty-second, twenty twenty-six
    22.11.2026 | the twenty-second of November, twenty twenty-six
    3/4/2026 | three, four, twenty twenty-six
    22 November 2026 | the twenty-second of November, twenty twenty-six
    Nov 3 | November third
    April 3rd, 1999 | April third, nineteen ninety-nine
    Dec. 25 | December twenty-fifth
    the 4th of July | the fourth of July
    March 3-5 | March third to fifth
    Mon, 4 May | Monday, the fourth of May
    November 2026 | November twenty twenty-six
    12/2026 | December twenty twenty-six
    Mon-Fri | Monday to Friday
    2026-11-22T09:30:00Z | November twenty-second, twenty twenty-six at nine thirty U T C
    you may 3 times | you may three times
""")
def test_dates(written, spoken):
    """Dates in the orders people write them; an ambiguous one is not guessed."""
    assert speakable(written) == spoken


@says("""
    5 km | five kilometers
    1 kg | one kilogram
    21.5 °C | twenty-one point five degrees Celsius
    -5°C | minus five degrees Celsius
    72°F | seventy-two degrees Fahrenheit
    90 km/h | ninety kilometers per hour
    60 mph | sixty miles per hour
    16GB | sixteen gigabytes
    512 MB | five hundred and twelve megabytes
    250 ml | two hundred and fifty milliliters
    6 ft | six feet
    5'10" | five foot ten
    20 m² | twenty square meters
    9.8 m/s² | nine point eight meters per second squared
    2.5 kWh | two point five kilowatt hours
    5 µs | five microseconds
    1h 30m | one hour thirty minutes
    90 min. long | ninety minutes long
    50 % | fifty percent
    3x | three times
    2x4 | two by four
    a 5-km run | a five-kilometer run
    10k users | ten thousand users
""")
def test_units(written, spoken):
    """Amounts with their units, one and many."""
    assert speakable(written) == spoken


@says("""
    +1 212-555-0199 | plus one, two one two, five five five, zero one nine nine
    (212) 555-0199 | two one two, five five five, zero one nine nine
    555-0199 | five five five, zero one nine nine
    020 7946 0958 | zero two zero, seven nine four six, zero nine five eight
    Python 3.11.2 | Python three point eleven point two
    v2.0 | version two point zero
    Python 3.11 | Python three point eleven
    192.168.1.5 | one nine two dot one six eight dot one dot five
    978-3-16-148410-0 | nine seven eight, three, one six, one four eight four one zero, zero
    4006381333931 | four zero zero six three eight one three three three nine three one
    the code is 4711 | the code is four seven one one
    1234 5678 9012 3456 | one two three four, five six seven eight, nine zero one two, three four five six
    B2A23C | B two A twenty-three C
    H2O and MP3 | H two O and M P three
    COVID-19 | COVID-nineteen
""")
def test_codes(written, spoken):
    """Telephone numbers, versions and serial numbers are not amounts."""
    assert speakable(written) == spoken

"""Pieces of text in the order a person reads them."""

from __future__ import annotations

import numpy as np

from nearfield.vision.layout import Piece, arrange


def piece(text: str, left: float, top: float, confidence: float = 0.9, slope: float = 0.0) -> Piece:
    """Letters 10 wide and 20 high; `slope` is how many pixels a pixel to the right lies lower."""
    width = 10 * len(text)
    corners = np.array([(0, 0), (width, 0), (width, 20), (0, 20)], dtype=np.float32) + np.array([left, top])
    corners[:, 1] += slope * corners[:, 0]
    return Piece(text, confidence, corners.astype(np.float32))


def read(*pieces: Piece) -> list[str]:
    return [word.text for word in arrange(pieces)]


def test_nothing_is_nothing():
    """A page without text has no lines."""
    assert arrange([]) == ()


def test_pieces_of_a_line_are_joined_left_to_right():
    """An item and its price are one line, whichever was found first."""
    bread, price = piece("Bread", 0, 100), piece("2.40", 400, 103)
    assert read(price, bread, piece("Corner Shop", 100, 0)) == ["Corner Shop", "Bread 2.40"]


def test_a_line_knows_its_box_and_confidence():
    """The box spans all pieces; the confidence is the pieces' by their letters."""
    (line,) = arrange([piece("abcde", 10, 50, 1.0), piece("fghij", 100, 52, 0.5)])
    assert line.box == (10, 50, 140, 22)
    assert line.confidence == 0.75


def test_a_slanted_page_keeps_its_lines():
    """On a page held crookedly the end of a line is not mistaken for the next line."""
    rows = [
        [piece(f"{name}{row}", x, 30 * row, slope=0.12) for name, x in (("left", 0), ("right", 500))]
        for row in range(4)
    ]
    shuffled = [p for row in reversed(rows) for p in reversed(row)]
    assert read(*shuffled) == [f"left{row} right{row}" for row in range(4)]


LEFT = [f"left column line {n} of the text" for n in range(6)]
RIGHT = [f"right column line {n} of the text" for n in range(6)]


def test_columns_are_read_one_after_the_other():
    """Running text in two columns is not read across."""
    heading = piece("A heading over both of the two columns of this page", 60, 0)
    page = [heading, *(piece(t, 0, 40 + 26 * n) for n, t in enumerate(LEFT))]
    page += [piece(t, 400, 40 + 26 * n) for n, t in enumerate(RIGHT)]
    assert read(*page) == [heading.text, *LEFT, *RIGHT]


def test_prices_stay_with_long_items():
    """A bill with wordy items is read in rows, however much its items look like a column of text."""
    items = [f"A generous portion of dish {n}" for n in range(5)]
    page = [piece(t, 0, 26 * n) for n, t in enumerate(items)] + [piece(f"1{n}.50", 600, 26 * n) for n in range(5)]
    assert read(*page) == [f"{t} 1{n}.50" for n, t in enumerate(items)]


def test_numbers_stay_before_their_entries():
    """The number of an entry is read with it, even where only some lines have one."""
    page = [piece(t, 60, 26 * n) for n, t in enumerate(LEFT)] + [piece("1.", 10, 0), piece("2.", 10, 26 * 5)]
    assert read(*page) == [f"1. {LEFT[0]}", *LEFT[1:5], f"2. {LEFT[5]}"]


def test_a_caption_between_columns_is_not_mixed_into_them():
    """A few short words between two columns don't interrupt their lines."""
    left, right = LEFT * 3, RIGHT * 3
    page = [piece(t, 0, 26 * n) for n, t in enumerate(left)] + [piece(t, 600, 26 * n) for n, t in enumerate(right)]
    lines = read(*page, piece("A boat", 440, 208))
    assert "A boat" in lines
    assert [line for line in lines if line != "A boat"] == left + right

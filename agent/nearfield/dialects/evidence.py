"""What the words alone say about which call is meant: an n-gram classifier over the tools' own spoken examples.

Fitted at start in milliseconds, from the same examples that stand in the prompt. It knows no meaning, only wording, and so errs
elsewhere than the model does: the two together are right far more often than either (docs/decisions/0003). Logistic
regression on word unigrams, word bigrams and character 3- and 4-grams, TF-IDF weighted, in its dual form: cost grows with the
square of the number of examples, not with the vocabulary.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

STEPS, RATE, RIDGE = 300, 5.0, 0.0005
CHARACTERS = 0.35
"""Weight of a character n-gram beside a word's: they help with misspellings and endings, not with sense."""

Vector = dict[str, float]


class Evidence:
    """Log-probabilities of labels for a sentence, learned from (sentence, label) pairs. Deterministic."""

    def __init__(self, rows: Sequence[tuple[str, str]]) -> None:
        self.labels = sorted({label for _, label in rows})
        counts = [_features(text) for text, _ in rows]
        documents = Counter(k for c in counts for k in c)
        self._rarity = {k: math.log((1 + len(rows)) / (1 + n)) + 1 for k, n in documents.items()}
        self._index = {k: i for i, k in enumerate(self._rarity)}
        self._rows = np.stack([self._vector(c) for c in counts])
        wanted = np.eye(len(self.labels))[[self.labels.index(label) for _, label in rows]]
        self._weights, self._bias = _fit(self._rows, wanted)

    def __call__(self, text: str) -> dict[str, float]:
        """Natural-log probability of each label."""
        scores = self._vector(_features(text)) @ self._weights + self._bias
        scores -= scores.max()
        scores -= np.log(np.exp(scores).sum())
        return dict(zip(self.labels, scores.tolist(), strict=True))

    def _vector(self, counts: Counter[str]) -> npt.NDArray[np.float64]:
        vector = np.zeros(len(self._rarity))
        for key, n in counts.items():
            if key in self._index:
                weight = CHARACTERS if key.startswith("c:") else 1.0
                vector[self._index[key]] = (1 + math.log(n)) * self._rarity[key] * weight
        length = float(np.linalg.norm(vector))
        return vector / length if length else vector


def _features(text: str) -> Counter[str]:
    words = ["#" if w.isdigit() else w for w in re.findall(r"[^\W\d_]+|\d+", text.lower().replace("'s", " is"))]
    found = Counter(f"w:{w}" for w in words)
    found.update(f"b:{a}_{b}" for a, b in zip(["^", *words], [*words, "$"], strict=True))
    for word in words:
        marked = f"<{word}>"
        found.update(f"c:{marked[i : i + n]}" for n in (3, 4) for i in range(len(marked) - n + 1))
    return found


def _fit(
    rows: npt.NDArray[np.float64], wanted: npt.NDArray[np.float64]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Multinomial logistic regression by gradient descent on the rows' coefficients."""
    alike = rows @ rows.T
    share, bias = np.zeros_like(wanted), np.zeros(wanted.shape[1])
    for _ in range(STEPS):
        scores = alike @ share + bias
        likely = np.exp(scores - scores.max(axis=1, keepdims=True))
        likely /= likely.sum(axis=1, keepdims=True)
        off = (likely - wanted) / len(rows)
        share -= RATE * (off + RIDGE * share / 10)
        bias -= RATE * off.sum(axis=0)
    return rows.T @ share, bias

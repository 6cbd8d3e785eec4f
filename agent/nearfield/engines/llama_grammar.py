"""Grammars that cost little: the likeliest token is checked first, the whole vocabulary only when nothing else is left."""

from __future__ import annotations

import ctypes

import llama_cpp as lc
import numpy as np
import numpy.typing as npt

from nearfield.errors import EngineError

TRY_FIRST = (1, 64, 2048)
"""How many of the likeliest tokens are checked against the grammar before the whole vocabulary is."""


class Grammar:
    """Takes the likeliest token first and asks the grammar about that one alone; more are tried only when it says no.

    The outcome is that of filtering the whole vocabulary and taking the best, at a fraction of the cost.
    """

    def __init__(self, vocab: object, gbnf: str, size: int) -> None:
        self._sampler = lc.llama_sampler_init_grammar(vocab, gbnf.encode(), b"root")
        if not self._sampler:  # used as it is, it would end the whole process
            raise EngineError("The grammar made from the tools is not valid.")
        self._size = size

    def best(self, scores: npt.NDArray[np.float32]) -> int:
        for count in (*TRY_FIRST, self._size):
            allowed = self._allowed(top(scores, min(count, self._size)), scores)
            if allowed is not None:
                self.accept(allowed)
                return allowed
        raise EngineError("The grammar left the model nothing to say.")

    def accept(self, token: int) -> None:
        """Go on from `token`, which must be one the grammar allows."""
        lc.llama_sampler_accept(self._sampler, token)

    def _allowed(self, tokens: npt.NDArray[np.intp], scores: npt.NDArray[np.float32]) -> int | None:
        data = (lc.llama_token_data * len(tokens))()
        view = np.ctypeslib.as_array(data)
        view["id"], view["logit"] = tokens, scores[tokens]
        array = lc.llama_token_data_array(data, len(tokens), -1, False)  # noqa: FBT003
        lc.llama_sampler_apply(self._sampler, ctypes.byref(array))
        view = np.ctypeslib.as_array(data)[: array.size]
        best = int(np.argmax(view["logit"])) if len(view) else 0
        return int(view["id"][best]) if len(view) and np.isfinite(view["logit"][best]) else None

    def close(self) -> None:
        lc.llama_sampler_free(self._sampler)


def top(scores: npt.NDArray[np.float32], count: int) -> npt.NDArray[np.intp]:
    """The places of the `count` highest scores, in no order."""
    if count == 1:
        return np.array([np.argmax(scores)])
    if count >= len(scores):
        return np.arange(len(scores))
    return np.argpartition(scores, -count)[-count:]

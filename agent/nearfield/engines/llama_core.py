"""llama.cpp on one thread: a KV cache that stays warm, grammars that cost little, and a stop that works mid-prefill.

Everything here blocks and belongs to one thread; `engines/llama.py` puts it there. Bound straight to llama.cpp's C functions:
the high-level class copies the whole vocabulary's scores for a saved state and filters all of it for every token under a
grammar. Each fixed prefix lives in a slot (a llama.cpp sequence) of its own, so that choosing a tool and answering in words
do not push each other out. Limits: text only.
"""

from __future__ import annotations

import codecs
import ctypes
import heapq
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

import llama_cpp as lc
import numpy as np
import numpy.typing as npt

from nearfield.engines.llama import SLOTS, Load
from nearfield.engines.llama_grammar import Grammar, top
from nearfield.errors import EngineError
from nearfield.ports import Generate, Sampling

Progress = Callable[[int, int], None]
"""Called with tokens done and tokens in all."""

BATCH = 512
ABORTED = 2
KEPT = 3
"""States kept on disk, the newest; each is some 60 MB."""
WORTH_KEEPING = 400
"""Prefixes shorter than this many tokens are computed again rather than kept on disk."""
MAGIC = b"NFKV1\n"

_quiet = lc.llama_log_callback(lambda _level, _text, _data: None)


class LlamaCore:
    """A loaded model with one context. Not thread-safe; raises EngineError when llama.cpp refuses."""

    def __init__(self, load: Load) -> None:
        lc.llama_log_set(_quiet, ctypes.c_void_p(0))
        lc.llama_backend_init()
        settings = lc.llama_model_default_params()
        model = lc.llama_model_load_from_file(str(load.file).encode(), settings)
        if not model:
            raise EngineError(f"llama.cpp cannot load {load.file.name}; try `nearfield models verify`.")
        self._model = model
        self._vocab = lc.llama_model_get_vocab(model)
        self._size = lc.llama_vocab_n_tokens(self._vocab)
        self._context = load.context
        self._ctx = self._open(load)
        self._aborted: Callable[[], bool] = bool  # never
        self._abort = lc.ggml_abort_callback(lambda _data: self._aborted())
        lc.llama_set_abort_callback(self._ctx, self._abort, ctypes.c_void_p(0))
        self._batch = lc.llama_batch_init(BATCH, 0, 1)
        self._held: list[list[int]] = [[] for _ in range(SLOTS)]  # tokens whose keys and values each slot holds
        self._identity = f"2:{load.file.name}:{load.file.stat().st_size}:{load.context}:{lc.__version__}"

    def _open(self, load: Load) -> ctypes.c_void_p:
        settings = lc.llama_context_default_params()
        settings.n_ctx = load.context * SLOTS
        settings.n_seq_max = SLOTS
        settings.kv_unified = False
        settings.n_batch = settings.n_ubatch = BATCH
        settings.n_threads = settings.n_threads_batch = load.threads
        settings.no_perf = True
        if not lc.llama_supports_gpu_offload():  # on a processor it costs twice the time at four thousand tokens
            settings.flash_attn_type = lc.LLAMA_FLASH_ATTN_TYPE_DISABLED
        ctx = lc.llama_init_from_model(self._model, settings)
        if not ctx:
            raise EngineError("llama.cpp has not enough memory for this model; choose a smaller one.")
        return ctx  # type: ignore[no-any-return]

    def close(self) -> None:
        lc.llama_batch_free(self._batch)
        lc.llama_free(self._ctx)
        lc.llama_model_free(self._model)

    def tokens(self, text: str, *, special: bool, begin: bool) -> list[int]:
        """`text` as token ids; `special`: control tokens in it count as such; `begin`: the model's first token goes first."""
        raw = text.encode()
        room = len(raw) + 8
        out = (lc.llama_token * room)()
        n = lc.llama_tokenize(self._vocab, raw, len(raw), out, room, begin, special)
        if n < 0:
            raise EngineError("llama.cpp could not split this text into tokens.")
        return list(out[:n])

    def warm(
        self, slot: int, prefix: Sequence[int], cache: Path, stop: object = (), progress: Progress | None = None
    ) -> None:
        """Make `slot` begin with `prefix`: as it stands, else from `cache`, else computed and, unless stopped, kept there."""
        if self._held[slot][: len(prefix)] == list(prefix):
            return
        file = cache / (sha256(f"{self._identity}:{','.join(map(str, prefix))}".encode()).hexdigest()[:32] + ".kv")
        if self._restore(slot, _read_state(file), prefix):
            return
        long = len(prefix) >= WORTH_KEEPING
        self.hold(slot, prefix, stop, progress if long else None)
        if long and len(self._held[slot]) == len(prefix):
            _write_state(file, self._state(slot))

    def hold(self, slot: int, wanted: Sequence[int], stop: object = (), progress: Progress | None = None) -> None:
        """Bring `slot` to hold `wanted`, computing only what it lacks. Returns early when `stop` becomes true."""
        if len(wanted) >= self._context:
            raise EngineError("This conversation has grown too long for the model; start a new one.")
        common = _common(self._held[slot], wanted)
        if common == len(wanted):  # the last token is computed again, for its logits
            common -= 1
        self._forget(slot, common)
        self._aborted = lambda: bool(stop)
        for at in range(common, len(wanted), BATCH):
            piece = wanted[at : at + BATCH]
            if stop or not self._decode(slot, piece):
                return
            if progress:
                progress(at + len(piece), len(wanted))

    def write(self, slot: int, prompt: Sequence[int], request: Generate, stop: object) -> Iterator[str]:
        """Text that follows `prompt`, piece by piece, until the model or the grammar ends, the longest, or `stop`."""
        self.hold(slot, prompt, stop)
        rules = Grammar(self._vocab, request.grammar, self._size) if request.grammar else None
        draw = np.random.default_rng(request.sampling.seed) if request.sampling else None
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        try:
            chosen = self._option(slot, prompt, request.options, stop) if request.options else []
            for token in chosen:
                if rules:
                    rules.accept(token)
            yield decoder.decode(b"".join(map(self._piece, chosen)))
            prompt = [*prompt, *chosen]
            for _ in range(min(request.longest, self._context - len(prompt) - 1)):
                if stop or len(self._held[slot]) < len(prompt):
                    return
                scores = self._scores()
                token = rules.best(scores) if rules else _pick(scores, request.sampling, draw)
                if lc.llama_vocab_is_eog(self._vocab, token):
                    return
                yield decoder.decode(self._piece(token))
                if not self._decode(slot, [token]):
                    return
        finally:
            if rules:
                rules.close()

    def _option(self, slot: int, prompt: Sequence[int], options: Mapping[str, float], stop: object) -> list[int]:
        """The tokens of the likeliest option; leaves `slot` holding them.

        Best first over the tree of the options' tokens. An option's own number bounds what it can come to, for a
        log-probability only takes away; so the first whole option to be reached is the best. Where only one way is left
        nothing is computed to take it.
        """
        paths = {tuple(self.tokens(text, special=False, begin=False)): weight for text, weight in options.items()}
        open_: list[tuple[float, float, tuple[int, ...]]] = [
            (-max(paths.values()), 0.0, ())
        ]  # (minus the bound, the model's log-probability so far, path)
        while not stop:
            _, known, path = heapq.heappop(open_)
            if path in paths:
                self.hold(slot, [*prompt, *path], stop)
                return list(path)
            below = [p for p in paths if p[: len(path)] == path]
            nexts = {p[len(path)] for p in below}
            likely = {next(iter(nexts)): 0.0}
            if len(nexts) > 1:
                self.hold(slot, [*prompt, *path], stop)
                likely = _log_likely(self._scores(), nexts)
            for token, log in likely.items():
                best = max(w for p, w in paths.items() if p[: len(path) + 1] == (*path, token))
                heapq.heappush(open_, (-(known + log + best), known + log, (*path, token)))
        return []

    def _scores(self) -> npt.NDArray[np.float32]:
        pointer = lc.llama_get_logits_ith(self._ctx, -1)
        return np.ctypeslib.as_array(pointer, (self._size,))

    def _decode(self, slot: int, tokens: Sequence[int]) -> bool:
        """Compute `tokens` and remember that they are held. False when it was aborted."""
        batch, held = self._batch, self._held[slot]
        batch.n_tokens = len(tokens)
        for i, token in enumerate(tokens):
            batch.token[i], batch.pos[i] = token, len(held) + i
            batch.n_seq_id[i], batch.seq_id[i][0] = 1, slot
            batch.logits[i] = i == len(tokens) - 1
        code = lc.llama_decode(self._ctx, batch)
        if code == ABORTED:  # what this batch had put into the cache goes again
            self._forget(slot, len(held))
            return False
        if code != 0:
            self._forget(slot, 0)
            raise EngineError(f"llama.cpp stopped with code {code}; ask again, or choose a smaller model.")
        held.extend(tokens)
        return True

    def _forget(self, slot: int, keep: int) -> None:
        lc.llama_memory_seq_rm(lc.llama_get_memory(self._ctx), slot, keep, -1)
        del self._held[slot][keep:]

    def _piece(self, token: int) -> bytes:
        buffer = ctypes.create_string_buffer(256)
        n = lc.llama_token_to_piece(self._vocab, token, buffer, 256, 0, False)  # noqa: FBT003
        return buffer.raw[:n] if n > 0 else b""

    def _state(self, slot: int) -> bytes:
        size = lc.llama_state_seq_get_size(self._ctx, slot)
        buffer = (ctypes.c_uint8 * size)()
        lc.llama_state_seq_get_data(self._ctx, buffer, size, slot)
        return bytes(buffer)

    def _restore(self, slot: int, state: bytes | None, tokens: Sequence[int]) -> bool:
        if state is None:
            return False
        self._forget(slot, 0)
        buffer = (ctypes.c_uint8 * len(state)).from_buffer_copy(state)
        if lc.llama_state_seq_set_data(self._ctx, buffer, len(state), slot) == 0:
            self._forget(slot, 0)
            return False
        self._held[slot] = list(tokens)
        return True


def _pick(scores: npt.NDArray[np.float32], how: Sampling | None, draw: np.random.Generator | None) -> int:
    """The next token: the likeliest, or drawn as `how` says (top k, then top p, at a temperature)."""
    if how is None or draw is None:
        return int(np.argmax(scores))
    best = top(scores, min(how.top_k, len(scores)))
    best = best[np.argsort(-scores[best])]
    weights = np.exp((scores[best] - scores[best[0]]) / how.temperature)
    weights /= weights.sum()
    kept = int(np.searchsorted(np.cumsum(weights), how.top_p)) + 1
    weights = weights[:kept] / weights[:kept].sum()
    return int(draw.choice(best[:kept], p=weights))


def _log_likely(scores: npt.NDArray[np.float32], tokens: Iterable[int]) -> dict[int, float]:
    """Natural-log probabilities of some tokens."""
    top = float(scores.max())
    whole = top + float(np.log(np.exp(scores - top, dtype=np.float64).sum()))
    return {t: float(scores[t]) - whole for t in tokens}


def _common(a: Sequence[int], b: Sequence[int]) -> int:
    for i, (x, y) in enumerate(zip(a, b, strict=False)):
        if x != y:
            return i
    return min(len(a), len(b))


def _read_state(file: Path) -> bytes | None:
    """A kept state, or None when there is none or it is damaged: it can always be computed again."""
    if not file.is_file():
        return None
    raw = file.read_bytes()
    head = len(MAGIC) + 4
    body = raw[head:]
    good = raw.startswith(MAGIC) and int.from_bytes(raw[len(MAGIC) : head], "big") == zlib.crc32(body)
    return body if good else None


def _write_state(file: Path, state: bytes) -> None:
    """Keep a state. On a full or read-only disk it is not kept, and computed again the next time."""
    part = file.with_suffix(".part")
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(MAGIC + zlib.crc32(state).to_bytes(4, "big") + state)
        part.replace(file)
        for old in sorted(file.parent.glob("*.kv"), key=lambda f: f.stat().st_mtime)[:-KEPT]:
            old.unlink()  # made for tools or settings that have changed since

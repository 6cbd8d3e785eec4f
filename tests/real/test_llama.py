"""llama.cpp with the starter's real weights: what it may write, what it keeps, and how it is stopped.

One thread: where other programs work too, two would mostly wait for each other.
"""

from __future__ import annotations

import asyncio
import json
import time
from contextlib import aclosing, contextmanager

import numpy as np
import pytest

from nearfield.config import Config
from nearfield.dialects.grammar import call_rules, rule_name
from nearfield.engines.llama import Llama, Load
from nearfield.engines.llama_core import LlamaCore
from nearfield.engines.llama_grammar import Grammar
from nearfield.errors import EngineError
from nearfield.home import find_home
from nearfield.ports import Generate, Sampling
from nearfield.registry import DIALECTS
from nearfield.weights import Store, load_catalogue
from nearfield_tools.catalogue import TOOLS

CONTEXT = 4096
INVALID = [
    'root ::= "',
    "root ::= missing",
    'rule ::= "a"',
    'root ::= root "a"',
    "root ::= [",
    'root = "a"',
    "root ::= (",
]
EXAMPLES = "Tool: get_time {}\nUser: what is on today\nTool: list_events {}\nUser: "
LONG = "".join(f"User: Please note number {i}.\nTool: write_file {{}}\n" for i in range(32))
"""A prefix just long enough to be worth keeping on disk."""


@pytest.fixture(scope="module")
def load():
    home = find_home()
    files = Store(home.weights).find(load_catalogue(home).get("qwen2.5-coder-0.5b"))
    return Load(next(file for name, file in files.items() if name.endswith(".gguf")), 1, CONTEXT)


@pytest.fixture(scope="module")
def core(load):
    made = LlamaCore(load)
    yield made
    made.close()


@contextmanager
def opened(load, cache, progress=None):
    engine = Llama(load, cache, progress)
    try:
        yield engine
    finally:
        asyncio.run(engine.aclose())


@pytest.fixture(scope="module")
def llama(load, tmp_path_factory):
    with opened(load, tmp_path_factory.mktemp("prefixes")) as engine:
        yield engine


def written(llama, prompt, **more):
    async def generate():
        async with aclosing(llama.generate(Generate(prompt, **{"longest": 8, **more}))) as pieces:
            return "".join([piece async for piece in pieces])

    return asyncio.run(generate())


def follows(core, rules, text):
    """Whether the grammar lets `text` through, token by token, as the engine would take it."""
    for token in core.tokens(text, special=False, begin=False):
        if rules._allowed(np.array([token]), np.zeros(core._size, np.float32)) is None:
            return False
        rules.accept(token)
    return True


@contextmanager
def grammar(core, gbnf):
    rules = Grammar(core._vocab, gbnf, core._size)
    yield rules
    rules.close()


@pytest.mark.parametrize("of", TOOLS, ids=lambda of: of.name)
def test_every_tool_has_a_grammar_its_examples_follow(core, of):
    """llama.cpp accepts each tool's grammar, and with it every one of the tool's own examples."""
    for example in of.examples:
        with grammar(core, f"root ::= {rule_name(of.name)}\n{call_rules([of])}") as rules:
            assert follows(core, rules, json.dumps(example.arguments, separators=(",", ":"), ensure_ascii=False))
    with grammar(core, f"root ::= {rule_name(of.name)}\n{call_rules([of])}") as rules:
        assert not follows(core, rules, '{"nonsense":1}')


def test_everything_the_starter_offers_is_allowed_by_its_grammar(core):
    """Every option can be taken under the grammar of its request: one that could not would end the process."""
    starter = DIALECTS["starter"](TOOLS, Config(), find_home())
    asked = starter.step([{"id": "u", "role": "user", "text": "What time is it?", "at": "", "picture": None}], [])
    for option in asked.options:
        with grammar(core, asked.grammar) as rules:
            assert follows(core, rules, option), option


@pytest.mark.parametrize("gbnf", INVALID)
def test_an_invalid_grammar_is_an_error_and_not_the_end(llama, gbnf):
    """A grammar that is none raises, the process lives, and the next request is served."""
    with pytest.raises(EngineError, match="grammar"):
        written(llama, "Hello", grammar=gbnf)
    assert written(llama, "Hello", grammar='root ::= "yes"') == "yes"


def test_letters_of_several_tokens_come_out_whole(llama):
    """Characters that are split over tokens arrive as characters."""
    text = "\u00e9\u4f60\U0001f389\u0416"
    assert written(llama, "Write:", grammar=f'root ::= "{text}"', longest=40) == text


def test_options_choose_among_what_is_given(llama):
    """What is written begins with one of the options, and what speaks for one of them from outside counts."""
    plain = written(llama, "The capital of France is", options={" Berlin": 0.0, " Paris": 0.0}, longest=2)
    assert plain.startswith(" Paris")
    pushed = written(llama, "The capital of France is", options={" Berlin": 0.0, " Paris": -50.0}, longest=2)
    assert pushed.startswith(" Berlin")
    strange = written(llama, "The capital of France is", options={" xqz one": 0.0, " xqz two": -9.0}, longest=1)
    assert strange.startswith((" xqz one", " xqz two"))


def test_options_and_grammar_work_together(llama):
    """After the option the grammar goes on to its end, and then nothing is written."""
    gbnf = 'root ::= (" red " | " blue ") [0-9] "!"'
    text = written(llama, "The sky is", options={" red": 0.0, " blue": 0.0}, grammar=gbnf, longest=20)
    assert text[:-2] == " blue "
    assert text[-2].isdigit()
    assert text[-1] == "!"


@pytest.mark.parametrize("prompt", ['Call: {"title":', "User: set a timer\nTool:"])
def test_the_short_way_through_a_grammar_is_the_long_way(core, prompt):
    """Trying the likeliest tokens first gives what filtering the whole vocabulary gives, token for token."""
    gbnf = 'root ::= " "? "\\"" [a-z ]{1,12} "\\"" ("," [0-9]{2} | "}")'
    tokens = core.tokens(prompt, special=False, begin=True)
    everything = np.arange(core._size)
    with grammar(core, gbnf) as quick, grammar(core, gbnf) as thorough:
        for _ in range(6):
            core.hold(0, tokens)
            scores = core._scores().copy()
            whole = thorough._allowed(everything, scores)
            assert quick.best(scores) == whole
            thorough.accept(whole)
            tokens = [*tokens, whole]


def test_the_short_way_holds_for_any_scores(core):
    """The same where the likeliest tokens are all forbidden and the search has to go deep."""
    for seed in range(4):
        scores = np.random.default_rng(seed).normal(0, 5, core._size).astype(np.float32)
        with grammar(core, 'root ::= [x-z] "!"') as quick, grammar(core, 'root ::= [x-z] "!"') as thorough:
            assert quick.best(scores) == thorough._allowed(np.arange(core._size), scores)


def test_a_prefix_is_kept_on_disk(load, tmp_path):
    """A second start computes nothing and writes the same; a damaged file is noticed, computed again and replaced."""
    seen = []

    def text():
        with opened(load, tmp_path, lambda done, total: seen.append((done, total))) as llama:
            asyncio.run(llama.warm(LONG))
            steps = list(seen)
            seen.clear()
            return steps, written(llama, f"{LONG}User: Please note number", prefix=LONG)

    cold, first = text()
    assert cold[-1][0] == cold[-1][1] >= 400
    [file] = tmp_path.iterdir()
    assert text() == ([], first)
    assert first.strip()

    kept = file.read_bytes()
    for damaged in (kept[:-1000] + bytes(1000), b""):
        file.write_bytes(damaged)
        again, same = text()
        assert again == cold
        assert same == first
        assert file.read_bytes()[:100] == kept[:100]


def test_a_short_prefix_leaves_no_file(load, tmp_path):
    """What is quick to compute is not worth the disk."""
    with opened(load, tmp_path) as llama:
        asyncio.run(llama.warm(EXAMPLES))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("what", ["generate", "warm"])
def test_a_stop_while_the_prompt_is_read_is_prompt(load, tmp_path, what):
    """Half a minute's reading is given up at once, leaves nothing on disk, and the next request is served."""
    endless = LONG * 6

    async def scene(llama):
        if what == "warm":
            reading = asyncio.create_task(llama.warm(endless))
        else:
            reading = asyncio.create_task(anext(llama.generate(Generate(f"{endless}User:", prefix=endless))))
        await asyncio.sleep(0.5)
        assert not reading.done()
        reading.cancel()
        began = time.monotonic()
        with pytest.raises(asyncio.CancelledError):
            await reading
        async with aclosing(llama.generate(Generate("Hello", longest=2))) as pieces:
            text = "".join([piece async for piece in pieces])
        return text, time.monotonic() - began

    with opened(load, tmp_path) as llama:
        asyncio.run(llama.load())
        text, seconds = asyncio.run(scene(llama))
    assert text
    assert seconds < 5
    assert not list(tmp_path.iterdir())


def test_prefixes_do_not_disturb_each_other(llama):
    """Choosing and answering take turns and write what each would alone; a third prefix takes a place and gives it back."""
    chat = "<|im_start|>system\nYou are kind.<|im_end|>\n<|im_start|>user\n"
    story = "Once upon a time there was a small blue house. In it there lived"
    ways = [
        (f"{EXAMPLES}what time is it\nTool:", {"prefix": EXAMPLES}),
        (f"{chat}Say hello.<|im_end|>\n<|im_start|>assistant\n", {"prefix": chat, "special": True}),
        (f"{story} an old", {"prefix": story}),
    ]
    alone = [written(llama, prompt, **more) for prompt, more in ways]
    assert len(set(alone)) == len(ways)
    for order in ([0, 1, 0, 1], [2, 0, 1, 2], [1, 1, 0]):
        assert [written(llama, ways[i][0], **ways[i][1]) for i in order] == [alone[i] for i in order]


def test_drawn_words_can_be_drawn_again(llama):
    """With a seed, drawing gives the same words twice; another seed may give others, within the same bounds."""

    def drawn(seed):
        how = Sampling(temperature=1.5, top_p=0.95, top_k=50, seed=seed)
        return written(llama, "My favourite animal is the", sampling=how)

    assert drawn(1) == drawn(1)
    assert len({drawn(seed) for seed in range(4)}) > 1


def test_a_prompt_longer_than_the_memory_is_refused(llama):
    """A sentence instead of a crash, and the engine goes on."""
    with pytest.raises(EngineError, match="too long"):
        written(llama, "word " * (CONTEXT + 10))
    assert written(llama, "Hello")


def test_a_file_that_is_no_model_is_refused(tmp_path):
    """Bytes that are no weights are told by their name, with what helps."""
    (tmp_path / "broken.gguf").write_bytes(b"GGUF and nothing else")
    refused = pytest.raises(EngineError, match=r"broken\.gguf.*models verify")
    with opened(Load(tmp_path / "broken.gguf", 1, 512), tmp_path) as llama, refused:
        asyncio.run(llama.load())

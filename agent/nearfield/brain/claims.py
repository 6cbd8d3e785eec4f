"""A model that says "done" is believed only when something was done.

Small models like to claim what no tool did. Before a sentence of the model's own is spoken, a claim in it is held against
the ledger of this turn; without a write that succeeded the sentence is replaced by the truth. Limits: English, and
the first person or a passive; a claim in other words slips through.
"""

from __future__ import annotations

import re

_DID = (
    "added|put|set|created|made|sent|deleted|removed|cancelled|canceled|scheduled|booked|saved|written|wrote|stored|moved|"
    "renamed|turned|switched|played|started|stopped|called|emailed|texted|ordered|reminded|updated|changed|noted|locked|"
    "opened|closed|dimmed|paused|bought|recorded"
)
CLAIM = re.compile(
    rf"\bI(?:['\u2019]ve| have)?(?: just| now| already| also| successfully)* (?:{_DID})\b|"
    rf"\b(?:has|have) been (?:{_DID})\b|"
    rf"\bis now (?:{_DID}|on|off|playing|running)\b|"
    r"^\W*(?:all )?done\b|"
    r"\b(?:I['\u2019]ll|I will|I am going to|I['\u2019]m going to|let me) "
    r"(?:add|put|set|create|send|delete|remove|cancel|schedule|book|save|write|move|turn|switch|play|start|call|order|remind)"
    r"\b",
    re.IGNORECASE,
)
TRUTH = "I have not done anything."


def honest(sentence: str, *, something_done: bool) -> str:
    """`sentence`, or the truth in its place when it claims an act and nothing was done in this turn."""
    return TRUTH if not something_done and CLAIM.search(sentence) else sentence

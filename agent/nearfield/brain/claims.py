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
_DONE_TO = (
    "added|put|set|created|sent|deleted|removed|cancelled|canceled|scheduled|booked|saved|stored|renamed|turned|switched|"
    "emailed|texted|updated|noted|locked|dimmed|paused|moved"
)
"""Said of things, a claim; the rest of the words above is said of the world at large: "Paris has been called …"."""

CLAIM = re.compile(
    rf"\bI(?:['\u2019]ve| have)?(?: just| now| already| also| successfully)* (?:{_DID})\b|"
    rf"\b(?:has|have) been (?:now |also |successfully )*(?:{_DONE_TO})\b|"
    r"\b(?:timer|alarm|reminder|event|appointment|note)s? (?:is|are) (?:now )?(?:set|added|saved|cancelled|canceled)\b|"
    r"\bit(?:['\u2019]s| is) (?:all )?done\b|"
    rf"\bis now (?:{_DID}|on|off|playing|running)\b|"
    r"^\W*(?:all )?done\b|"
    r"\b(?:I['\u2019]ll|I will|I am going to|I['\u2019]m going to|let me) "
    r"(?:add|put|set|create|send|delete|remove|cancel|schedule|book|save|move|turn|switch|order|remind|"
    r"call (?:your|the|him|her|them|[A-Z]))"
    r"\b",
    re.IGNORECASE,
)
TRUTH = "I have not done anything."


def honest(sentence: str, *, something_done: bool) -> str:
    """`sentence`, or the truth in its place when it claims an act and nothing was done in this turn."""
    return TRUTH if not something_done and CLAIM.search(sentence) else sentence

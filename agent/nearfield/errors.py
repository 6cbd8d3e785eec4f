"""Every error Nearfield raises on purpose, and what becomes of it.

    NearfieldError                    a sentence for a person; ends the command with `exit_code`
     ├─ UserError                     exit 2: what was given cannot be used; says what to do instead
     │   ├─ ConfigError               a key or value in config.yaml or -c
     │   ├─ InputError                a recording or picture that cannot be heard or seen
     │   └─ WeightsError              weights missing, damaged, or not fetchable
     └─ TurnError                     exit 1: this turn failed; the conversation may go on
         └─ EngineError               a native engine (whisper, llama, piper, OCR) gave up

Caught in three places only: the tool runner, the session's guard and `cli.main`. A tool's own refusals are
`nearfield_tools.api.ToolError`: they become a tool message, never an exit.
"""

from __future__ import annotations


class NearfieldError(Exception):
    """A failure with one sentence a person can act on."""

    exit_code = 1


class UserError(NearfieldError):
    """What the user gave cannot be used; the message says what to do instead."""

    exit_code = 2


class ConfigError(UserError):
    """A key or value of the configuration is not one Nearfield knows."""


class InputError(UserError):
    """A recording or a picture cannot be read, is too large, or holds nothing."""


class WeightsError(UserError):
    """Weights are missing, damaged or cannot be fetched."""


class TurnError(NearfieldError):
    """This turn failed; the next one may succeed."""


class EngineError(TurnError):
    """A native engine failed; the cause is chained."""

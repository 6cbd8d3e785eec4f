"""What counts as a yes: decided by words alone, and in doubt never a yes."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nearfield.brain.consent import understand

YES = """\
Yes.
YES!
yeah
Yep.
yup
Sure.
OK
Okay.
Yes, yes.
Yes please do
Yes, please.
Yes, thank you.
Yes thanks
Oh yes.
Um, yes.
Well, yes please.
Yes, Nearfield.
okay go ahead
Okay, do it.
Go ahead.
Do it, please.
Please do.
Of course.
Absolutely!
That's right.
That\u2019s right.
Sounds good.
Yes, that would be great, thank you.
I do.
Yes, I would.
Correct.
"""
NO = """\
No.
NO!
no no no
No thanks
No, thank you.
Nope.
nah
not now
Not that one.
Not yet, please.
don't
Don\u2019t.
Don\u2018t
Don`t do it.
dont
Please don't do it.
I can't.
That isn't right.
Never.
Never mind.
nevermind
Cancel that.
Stop!
Wait.
Hold on.
Leave it.
Forget it.
I'd rather not.
That's wrong.
Yes, no wait
Yes... no.
No, yes.
Yes or no?
Yes, but not tomorrow.
Yes, cancel.
Undo.
"""
OTHER = """\
What time is it?
yes and also move lunch
yes to confirm
Yes, and call it dinner.
Yes, at ten thirty.
Yes delete everything
Okay, what time is it?
Set a timer for ten minutes.
Make it ten o'clock.
Should I say yes
Yes yes yes yes yes yes yes yes
yes \u0434\u0430\u0432\u0430\u0439 \u0441\u0435\u0439\u0447\u0430\u0441
I have told everybody here again and again and again that I do not think so at all, thank you.
"""
UNSURE = """\
Thank you.
Thanks.
you
um
Uh-uh.
Oh.
Well.
...
Maybe.
What?
Sorry?
Yes 10
Yes, \u043d\u0435\u0442.
yesterday
I know
okay-ish
100
"""
NEGATIONS = ["no", "No,", "nope", "not", "never", "don't", "don\u2019t", "do not", "can't", "cancel", "stop", "WAIT"]


@pytest.mark.parametrize("said", YES.splitlines())
def test_a_short_phrase_of_agreement_is_a_yes(said):
    """Plain agreement is a yes, with or without politeness around it."""
    assert understand(said) == "yes"


@pytest.mark.parametrize("said", NO.splitlines())
def test_a_negation_anywhere_is_a_no(said):
    """Whoever says no, wait or don't is heard, even right after a yes and with any kind of apostrophe."""
    assert understand(said) == "no"


@pytest.mark.parametrize("said", OTHER.splitlines())
def test_more_than_an_answer_is_another_request(said):
    """Words that go on after the yes, or are no answer at all, are a request of their own and agree to nothing."""
    assert understand(said) == "other"


@pytest.mark.parametrize("said", ["", "   ", *UNSURE.splitlines()])
def test_what_is_neither_is_not_taken_for_consent(said):
    """Silence, thanks (which a recogniser also makes of noise), half words and other scripts decide nothing."""
    assert understand(said) == "unsure"


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=30), st.sampled_from(NEGATIONS), st.text(max_size=30))
def test_no_text_with_a_negation_is_a_yes(before, negation, after):
    """Whatever stands around it, a negation means that nothing is done."""
    assert understand(f"{before} {negation} {after}") != "yes"


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(["yes", "okay", "sure", "please", "thank you", "do it", "right", "no", "not", "wait"])))
def test_no_mixture_of_yes_and_no_words_is_a_yes(words):
    """The same for sentences made of nothing but words of agreement, with a negation among them."""
    if {"no", "not", "wait"} & set(words):
        assert understand(" ".join(words)) != "yes"


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(YES.splitlines()), st.sampled_from(["lunch", "10", "tomorrow", "everything", "maybe", "if"]))
def test_a_yes_with_a_condition_is_not_a_yes(agreed, more):
    """A yes to which anything was added does not agree to what was asked."""
    assert understand(f"{agreed} {more}") != "yes"

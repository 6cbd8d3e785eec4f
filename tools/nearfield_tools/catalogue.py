"""All tools in the order in which they are shown to a model, and requests that need none of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nearfield_tools.calendar import add_event, list_events
from nearfield_tools.clock import get_time
from nearfield_tools.files import find_files, list_files, read_file
from nearfield_tools.look import look, read_text
from nearfield_tools.timers import cancel_timer, list_timers, set_timer
from nearfield_tools.writing import write_file

if TYPE_CHECKING:
    from nearfield_tools.api import Tool

TOOLS: tuple[Tool, ...] = (
    get_time,
    set_timer,
    list_timers,
    cancel_timer,
    list_events,
    add_event,
    list_files,
    find_files,
    read_file,
    write_file,
    look,
    read_text,
)

ANSWER: tuple[str, ...] = (
    "Hello.",
    "Good morning, how are you?",
    "Thank you.",
    "thanks that's all",
    "Okay, never mind.",
    "Tell me a joke.",
    "Can you hear me?",
    "What is the capital of France?",
    "who wrote Romeo and Juliet",
    "How do you spell necessary?",
    "What is 12 times 14?",
    "how many days are there in a year",
    "Why is the sky blue?",
    "What do you think of jazz?",
    "How long do you boil an egg?",
    "How far away is the moon?",
    "What does photosynthesis mean?",
    "I'm bored.",
    "I had a long day today.",
    "Give me an idea for dinner.",
    "Good night.",
    "How many minutes are there in a day?",
    "What's the definition of irony?",
    "Where is Mount Everest?",
    "Tell me about Marie Curie.",
    "which is the longest river in the world",
    "Explain to me what a comet is.",
    "Give me a recipe for soup.",
)
"""Small talk, knowledge and arithmetic: answered in words."""

ABOUT: tuple[str, ...] = (
    "Who are you?",
    "What can you do?",
    "what's your name",
    "Help.",
    "What can I ask you?",
    "Do you send anything to the internet?",
    "Which things can you help me with?",
    "are you a robot",
    "Introduce yourself, please.",
    "Where does what I say go?",
    "Tell me about yourself.",
    "Who made you?",
)
"""Questions about Nearfield itself: answered by a fixed sentence, for a small model would make something up."""

DECLINE: tuple[str, ...] = (
    "Turn on the lights in the kitchen.",
    "play some music",
    "Call my mother.",
    "Send an email to John.",
    "Text Anna that I'm running late.",
    "What's the weather like tomorrow?",
    "will it rain this afternoon",
    "What's in the news?",
    "How is the traffic to Utrecht?",
    "Order a pizza for me.",
    "Search the web for cheap flights.",
    "Turn the volume up.",
    "Take a photo and send it to Eva.",
    "Navigate to the station.",
    "What is the price of Apple shares?",
    "Set the heating to 20 degrees.",
    "Delete the shopping list.",
    "Remove the dentist from my calendar.",
    "Move my meeting to Thursday.",
    "Wake me up at 7 tomorrow.",
    "Remind me to call the bank at 5.",
    "set an alarm for 6:30",
    "Lock the front door.",
    "Book a table for two tonight.",
    "Pause the movie.",
    "What's the temperature in the living room?",
    "Is the back door closed?",
    "dim the lamp in the hall",
    "Start the dishwasher.",
    "skip this track",
    "Did anyone call while I was out?",
    "Rename the file draft to final.",
    "When does the next train to Leeds leave?",
    "find me a pizza place nearby",
    "Show me my latest emails.",
    "put on some radio",
    "Post that on Facebook.",
)
"""What it cannot do (yet): said so, without a tool and without pretending."""

NO_TOOL: dict[str, tuple[str, ...]] = {"answer": ANSWER, "about": ABOUT, "decline": DECLINE}

"""Dead letters in words for people, without anything that a terminal obeys."""

import json
from collections.abc import Sequence
from textwrap import shorten

from bzpeer.letters import Letter, Outcome, Owned, shortened
from bzpeer.saying import moment, printable, printable_lines

ERROR_WIDTH = 200


def count(letters: Sequence[Owned]) -> str:
    """How many, in words."""
    return f"{len(letters):,} dead letter{'' if len(letters) == 1 else 's'}"


def listed(letters: Sequence[Owned]) -> list[str]:
    """Three lines for each: what became of it, what it is, and the error."""
    names = shortened(one.id for one in letters)
    return [
        line for one in letters for line in (f"{printable(names[one.id])}  {_fate(one.letter)}", *_facts(one.letter))
    ]


def _fate(letter: Letter) -> str:
    tries = f"{letter['attempts']} {'try' if letter['attempts'] == 1 else 'tries'}"
    due = f", next at {moment(letter['due_at'])}" if letter["state"] == "waiting" and letter.get("due_at") else ""
    return printable(f"{letter['group']}  {letter['state']} after {tries} since {moment(letter['first_at'])}{due}")


def _facts(letter: Letter) -> list[str]:
    number = "" if letter.get("sequence") is None else f" #{letter['sequence']}"
    event = f"{letter.get('type') or 'An unreadable message'}{number} of {letter.get('subject') or letter.get('key')}"
    where = f"{letter['topic']}[{letter['partition']}] at {letter['offset']}"
    error = shorten(printable(letter["error"]), ERROR_WIDTH, placeholder=" …")
    return [f"    {printable(f'{event}  from {where}')}", f"    {error}"]


def in_full(owned: Owned) -> list[str]:
    """All of a letter, in lines for people."""
    letter = owned.letter
    head = [printable(owned.id), f"    {_fate(letter)}, last {moment(letter['last_at'])}", *_facts(letter)]
    key = [f"    key {printable(str(letter['key']))}, in the {owned.service} service"]
    headers = [f"    {printable(str(name))}: {printable(str(text))}" for name, text in letter["headers"]]
    body = [f"    {line}" for line in printable_lines(_pretty(letter["value"]))]
    stack = [f"    {line}" for line in printable_lines(letter["stack"] or "")]
    return [*head, *key, "Headers", *headers, "Body", *body, "Stack", *stack]


def _pretty(value: str | None) -> str:
    try:
        return json.dumps(json.loads(value or ""), indent=2, ensure_ascii=False)
    except ValueError:
        return value or ""


def told(outcome: Outcome) -> list[str]:
    """What became of letters that were tried again."""
    waiting = f"{len(outcome.waiting):,} {'waits' if len(outcome.waiting) == 1 else 'wait'}"
    lines = [f"{len(outcome.taken_in):,} taken in, {len(outcome.failed):,} failed again, {waiting}."]
    if outcome.waiting:
        lines.append("Those that wait were not handled yet: is their service running, or stopped by the brake?")
    return lines + listed(outcome.failed)


def consequence(letters: Sequence[Owned]) -> list[str]:
    """What is missing afterwards."""
    groups = dict.fromkeys(printable(one.letter["group"]) for one in letters)
    return [
        f"What these events say will be missing from {', '.join(groups)} for good.",
        "Later events of the same subjects go on without them.",
        "Repair the cause and `bzpeer dlq retry` them instead if you can.",
    ]

"""`bzpeer claims`: claims on author records, listed and decided by a reviewer on the operators' side."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, Any, Literal, TypeVar, get_args
from urllib.parse import quote

import typer

from bzpeer.running import run
from bzpeer.saying import printable_lines, say_json
from shared.events.claims import EvidenceClass
from shared.http import ServiceClient

app = typer.Typer()
group = typer.Typer(no_args_is_help=True)
app.add_typer(group, name="claims")

Claim = dict[str, Any]
T = TypeVar("T")

PAGE = 100
EVIDENCE = get_args(EvidenceClass)
Status = Literal["pending", "accepted", "rejected"]

ClaimArgument = Annotated[
    str, typer.Argument(metavar="CLAIM", help="The claim's id, as `bzpeer claims list` shows it.")
]
AsJson = Annotated[bool, typer.Option("--json", help="For scripts.")]


class Review:
    """A reviewer's calls to the profiles service."""

    def __init__(self, profiles: ServiceClient) -> None:
        self._profiles = profiles

    async def all_of(self, status: str) -> list[Claim]:
        """Every claim of that status, oldest first."""
        found: list[Claim] = []
        cursor: str | None = None
        while True:
            params = {"status": status, "limit": PAGE, "cursor": cursor}
            page = await self._profiles.get_json("/claims", reviewer=True, params=params)
            found += page["items"]
            cursor = page["next_cursor"]
            if cursor is None:
                return found

    async def decide(self, claim_id: str, *, accept: bool, evidence: Sequence[str]) -> Claim:
        """The claim after the decision. The same decision twice changes nothing."""
        body = {"accept": accept, "evidence": list(evidence)}
        path = f"/claims/{quote(claim_id, safe='')}/decision"
        claim: Claim = await self._profiles.send("POST", path, reviewer=True, json=body)
        return claim


@group.callback()
def _claims() -> None:
    """List and decide claims on author records.

    Example: bzpeer claims list
    """


@group.command("list")
def list_claims(
    status: Annotated[Status, typer.Option(help="Which claims to list.")] = "pending",
    as_json: AsJson = False,
) -> None:
    """List claims, oldest first: by default those that wait for a decision.

    Exit codes: 0 listed (or there is none), 1 failed.

    Example: bzpeer claims list --status accepted --json
    """
    claims = _run(lambda review: review.all_of(status))
    if as_json:
        say_json({"items": claims})
    elif not claims:
        typer.echo(f"No claim is {status}.")
    for claim in [] if as_json else claims:
        typer.echo(described(claim))


@group.command()
def accept(
    claim: ClaimArgument,
    evidence: Annotated[
        list[str], typer.Option("--evidence", help=f"What was found, once for each: {', '.join(EVIDENCE)}.")
    ],
    as_json: AsJson = False,
) -> None:
    """Accept a claim on evidence that ties the person to a work by a third party's word.

    Exit codes: 0 accepted (or it was already), 1 refused or failed, 2 wrong usage.

    Example: bzpeer claims accept 019a… --evidence email_on_paper --evidence institution_domain
    """
    unknown = sorted(set(evidence) - set(EVIDENCE))
    if unknown:
        raise typer.BadParameter(f"there is no evidence {', '.join(unknown)}; there is {', '.join(EVIDENCE)}")
    decided = _run(lambda review: review.decide(claim, accept=True, evidence=evidence))
    _say(decided, f"Accepted. It gives powers from {decided['counts_from']} on.", as_json=as_json)


@group.command()
def reject(claim: ClaimArgument, as_json: AsJson = False) -> None:
    """Reject a claim; the record is unclaimed again.

    Exit codes: 0 rejected (or it was already), 1 refused or failed.

    Example: bzpeer claims reject 019a…
    """
    decided = _run(lambda review: review.decide(claim, accept=False, evidence=[]))
    _say(decided, "Rejected. The record can be claimed again.", as_json=as_json)


def _run(work: Callable[[Review], Awaitable[T]]) -> T:
    return run(lambda running: work(Review(running.service("profiles"))))


def _say(claim: Claim, words: str, *, as_json: bool) -> None:
    if as_json:
        say_json(claim)
    else:
        typer.echo(words)


def described(claim: Claim) -> str:
    """A claim in one line for its facts, and one for each line of its note, without anything a terminal obeys."""
    opened, evidence = claim["steps"][0]["at"], ", ".join(claim["evidence"]) or "nothing"
    facts = f"{claim['claim_id']}  {opened}  record {claim['author_id']}  account {claim['account_id']}  on {evidence}"
    return "\n".join([facts, *(f"    {line}" for line in printable_lines(claim["note"]))])

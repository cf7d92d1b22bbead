"""`bzpeer claims`: claims on author records, listed and decided by a reviewer on the operators' side."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Annotated, Any, Literal, TypeVar, get_args
from urllib.parse import quote

import httpx2
import typer
from rich.console import Console

from bzpeer.stack import environment
from shared.errors import Problem
from shared.events.claims import EvidenceClass
from shared.http import ServiceClient

app = typer.Typer()
group = typer.Typer(no_args_is_help=True)
app.add_typer(group, name="claims")

Claim = dict[str, Any]
T = TypeVar("T")

FAILED = 1
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
        typer.echo(json.dumps({"items": claims}, ensure_ascii=False))
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
    async def run() -> T:
        async with httpx2.AsyncClient() as http:
            return await work(Review(_client(environment(), http)))

    try:
        return asyncio.run(run())
    except Problem as problem:
        Console(stderr=True, highlight=False, soft_wrap=True).print(problem.detail, style="bold red", markup=False)
        raise typer.Exit(FAILED) from problem


def _client(env: Mapping[str, str], http: httpx2.AsyncClient) -> ServiceClient:
    key = env.get("BZPEER_INTERNAL_KEY")
    if not key:
        raise Problem("No stack runs in this checkout: start one with `bzpeer up`, or set BZPEER_INTERNAL_KEY.")
    return ServiceClient(env.get("BZPEER_PROFILES_URL", "http://127.0.0.1:8102"), key, "bzpeer", http)


def _say(claim: Claim, words: str, *, as_json: bool) -> None:
    typer.echo(json.dumps(claim, ensure_ascii=False) if as_json else words)


def described(claim: Claim) -> str:
    """A claim in one line for its facts, and one for each line of its note, without anything a terminal obeys."""
    opened, evidence = claim["steps"][0]["at"], ", ".join(claim["evidence"]) or "nothing"
    facts = f"{claim['claim_id']}  {opened}  record {claim['author_id']}  account {claim['account_id']}  on {evidence}"
    note = ["".join(filter(str.isprintable, line)) for line in claim["note"].splitlines()]
    return "\n".join([facts, *(f"    {line}" for line in note)])

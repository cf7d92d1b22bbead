"""Imports every file of a folder of real records into a works service on a real database, twice, and prints a table.

`BZPEER_DATA_DIR=path/to/data python -m tests.import_report [FOLDER …]`; docs/import-report.md has its output. There is
no Kafka: what is measured are reading, resolving and writing.
"""

import asyncio
import os
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import SecretStr

from deploy.embedded.stack import TemporaryStack
from services.works.main import WORKS, prepare, runner
from services.works.runner import Runner
from services.works.settings import WorksSettings
from services.works.store.jobs import Jobs
from services.works.usecases.submit import SubmitImport
from shared.errors import Invalid
from shared.ids import new_id
from shared.service import Parts, make_parts

FORMS = {
    "arxiv-api": "arxiv", "arxiv-oai": "oai", "arxiv-kaggle": "arxiv-lines", "arxiv-abs": "arxiv-abs",
    "arxiv-tsv": "arxiv-tsv", "openalex": "openalex", "crossref": "crossref", "semanticscholar": "semanticscholar",
    "orcid": "orcid", "datacite": "datacite", "dblp": "dblp", "mlanthology": "mlanthology", "acl": "acl",
    "pmlr": "pmlr", "other": "",
}  # fmt: skip
"""Each folder's form; in `other` a file's name begins with it."""
_BY_ENDING = {".bib": "bibtex", ".ris": "ris"}
SHOWN = 4


@dataclass
class Row:
    """What came of one folder."""

    files: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    unread: list[str] = field(default_factory=list)
    seconds: float = 0.0
    again: Counter[str] = field(default_factory=Counter)


@dataclass
class Importing:
    """A works service without its API: jobs are submitted and run here."""

    parts: Parts[WorksSettings]
    jobs: Jobs
    submit: SubmitImport
    runner: Runner

    async def file(self, form: str, path: Path) -> tuple[Counter[str], Counter[str]]:
        """Import one file; the counts, and the reasons of refusals. Raises Invalid where it cannot be read."""
        job = await self.submit.file(form, await asyncio.to_thread(path.read_bytes))
        done = job
        while done.status not in {"done", "failed"}:
            if not await self.runner.run_one():
                await asyncio.sleep(0.1)
            done = await self.jobs.get(job.id) or job
        assert done.status == "done", done
        counts = {name: getattr(done, name) for name in ("total", "new", "merged", "unchanged", "refused")}
        return Counter(counts), Counter(each.reason for each in await self.jobs.refusals(job.id))


@asynccontextmanager
async def works_service() -> AsyncIterator[Importing]:
    """On the fastest server of this machine."""
    async with TemporaryStack(kafka=False) as stack:
        settings = WorksSettings(mongodb_uri=stack.env["MONGODB_URI"], internal_key=SecretStr("k" * 32))
        parts = make_parts(WORKS, settings)
        await parts.log.prepare()
        await prepare(parts)
        jobs = Jobs(parts.mongo, parts.clock)
        yield Importing(parts, jobs, SubmitImport(jobs, new_id, lambda: None), runner(parts))
        await parts.http.aclose()
        parts.mongo.close()


def files_of(folder: Path) -> Iterator[tuple[str, Path]]:
    """The files with their forms, in order."""
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        form = _BY_ENDING.get(path.suffix) or FORMS[folder.name] or path.name.split("_")[0]
        if path.suffix != ".dtd":
            yield form, path


async def import_folder(importing: Importing, folder: Path) -> Row:
    """Import every file of the folder."""
    row, begun = Row(), time.monotonic()
    for form, path in files_of(folder):
        row.files += 1
        try:
            counts, reasons = await importing.file(form, path)
        except Invalid as refusal:
            row.unread.append(f"{path.name}: {refusal.detail}")
            continue
        row.counts += counts
        row.reasons += reasons
        print(path.name, dict(counts), f"{time.monotonic() - begun:.0f} s", file=sys.stderr, flush=True)
    row.seconds = time.monotonic() - begun
    return row


async def report(data: Path, folders: Sequence[str]) -> dict[str, Row]:
    """Import the folders in turn, then all of them again."""
    rows: dict[str, Row] = {}
    async with works_service() as importing:
        for name in folders:
            rows[name] = await import_folder(importing, data / name)
        for name in folders:
            rows[name].again = (await import_folder(importing, data / name)).counts
        works = importing.parts.mongo.collection("works")
        rows["in all"] = Row(
            counts=Counter(
                works=await works.count_documents({"merged_into": None}),
                told_by_several=await works.count_documents({"merged_into": None, "tellings.1": {"$exists": True}}),
                authors=await importing.parts.mongo.collection("authors").count_documents({"into": None}),
            )
        )
    return rows


def lines(rows: dict[str, Row]) -> Iterator[str]:
    """The table in Markdown."""
    yield "| folder | files | records | new | merged | unchanged | refused | works/s | changed again | reasons |"
    yield f"| --- |{' ---: |' * 8} --- |"
    for name, row in rows.items():
        if name == "in all":
            continue
        counts, again = row.counts, row.again
        taken = counts["total"] - counts["refused"]
        shown = [str(counts[each]) for each in ("total", "new", "merged", "unchanged", "refused")]
        reasons = "; ".join(f"{number}× {reason}" for reason, number in row.reasons.most_common(SHOWN))
        unread = f"; unread: {'; '.join(row.unread)}" if row.unread else ""
        rate = f"{taken / row.seconds:.0f}" if row.seconds else "–"
        cells = [name, str(row.files), *shown, rate, str(again["new"] + again["merged"]), reasons + unread]
        yield f"| {' | '.join(cells)} |"
    yield ""
    yield ", ".join(f"{name.replace('_', ' ')}: {number:,}" for name, number in rows["in all"].counts.items())


def main() -> None:
    """Print the report."""
    data = Path(os.environ["BZPEER_DATA_DIR"])
    rows = asyncio.run(report(data, sys.argv[1:] or list(FORMS)))
    print("\n".join(lines(rows)))


if __name__ == "__main__":
    main()

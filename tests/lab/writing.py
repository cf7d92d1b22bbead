"""The writer as a process, for a clock of its own: `python -m tests.lab.writing EVENTS PACE`, and it says how many."""

import asyncio
import os
import sys

from shared.mongo import Mongo
from tests.lab.load import Writer


async def write(events: int, pace: float) -> int:
    """Go on after what the log holds, and write so many more."""
    mongo = Mongo(os.environ["MONGODB_URI"], "bzpeer_profiles")
    try:
        writer = Writer(mongo)
        await writer.look_again()
        await writer.write(events, per_second=pace)
        return len(writer.acknowledged)
    finally:
        mongo.close()


if __name__ == "__main__":
    print(asyncio.run(write(int(sys.argv[1]), float(sys.argv[2]))))

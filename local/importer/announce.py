"""Asks for uploads: what many files ask within a moment goes in one request."""

import asyncio
from dataclasses import dataclass, field

from local.importer.api import Api, NewFile, Refused
from local.importer.journal import Target

MOMENT_SECONDS = 0.2
MOST_AT_ONCE = 100  # of the API
UNPROCESSABLE = 422

type Granted = tuple[str, Target]
type Asked = tuple[NewFile, asyncio.Future[Granted]]


@dataclass(slots=True)
class Announcer:
    api: Api
    moment_seconds: float = MOMENT_SECONDS
    _asked: list[Asked] = field(default_factory=list)

    async def request(self, file: NewFile) -> Granted:
        """The id of the track to be, and where to send the file. Raises Refused, ServerAway."""
        answer: asyncio.Future[Granted] = asyncio.get_running_loop().create_future()
        self._asked.append((file, answer))
        if len(self._asked) == 1:
            # The first one waits for the others and asks for all of them.
            await asyncio.sleep(self.moment_seconds)
            asked, self._asked = self._asked, []
            for start in range(0, len(asked), MOST_AT_ONCE):
                await self._ask(asked[start : start + MOST_AT_ONCE])
        return await answer

    async def _ask(self, asked: list[Asked]) -> None:
        try:
            granted = await self.api.request_uploads([file for file, _ in asked])
        except Refused as refusal:
            if refusal.status == UNPROCESSABLE and len(asked) > 1:
                # One impossible file is not the others' fault.
                for one in asked:
                    await self._ask([one])
            else:
                fail(asked, refusal)
        except Exception as error:  # noqa: BLE001 - it is raised where each file is waited for
            fail(asked, error)
        else:
            for (_, answer), upload in zip(asked, granted, strict=True):
                if not answer.done():
                    answer.set_result(upload)


def fail(asked: list[Asked], error: Exception) -> None:
    for _, answer in asked:
        if not answer.done():
            answer.set_exception(error)

"""Run one OpenSearch node for as long as a test run lasts.

`python -m tests.support.opensearch_keeper FOLDER PID`: the process PID is the run. The node's
address, or why there is none, is then in FOLDER, which goes with the node. A keeper, because the
worker that starts the node may end before the others, and nobody else notices a run's violent end.
"""

import shutil
import sys
from pathlib import Path

import psutil

from local.errors import LocalError
from local.services.opensearch import OpenSearchServer, Profile
from local.services.postgres_files import remove_cluster


def main(folder: Path, run: int) -> None:
    server = OpenSearchServer(folder / "node", profile=Profile.TEST)
    try:
        url = server.start().url
        tell(folder / "url", url)
    except LocalError as error:
        tell(folder / "problem", str(error))
    wait_for(run)
    server.stop()
    remove_cluster(server.home)
    shutil.rmtree(folder, ignore_errors=True)


def tell(file: Path, text: str) -> None:
    draft = file.with_suffix(".new")
    draft.write_text(text)
    draft.rename(file)


def wait_for(run: int) -> None:
    try:
        psutil.Process(run).wait()
    except psutil.NoSuchProcess:
        return


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))

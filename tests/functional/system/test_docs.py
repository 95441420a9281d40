import json
import re

import pytest

from local import openapi
from tests.support.api import Client


def test_page_needs_nothing_from_outside(anonymous: Client) -> None:
    page = anonymous.get("/api/docs")

    assert page.headers["content-type"].startswith("text/html")
    assert "default-src 'self'" in page.headers["content-security-policy"]
    assets = set(re.findall(r'(?:src|href)="([^"]+)"', page.text)) - {"data:,"}
    assert len(assets) >= 4
    for path in assets:
        assert path.startswith("/api/")
        assert anonymous.get(path).status == 200


def test_unknown_asset(anonymous: Client) -> None:
    assert anonymous.get("/api/docs/core.py").status == 404


def test_serves_the_committed_description(anonymous: Client) -> None:
    served = anonymous.get("/api/openapi.json").json()

    assert served == json.loads(openapi.DOCUMENT.read_text())


@pytest.mark.parametrize("path", ["/api/music/tracks", "/api/playlists/{playlist_id}/reorder"])
def test_description_covers_every_function(path: str) -> None:
    assert path in openapi.build()["paths"]

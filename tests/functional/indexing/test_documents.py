"""What OpenSearch holds of one thing of each kind, word by word."""

from hashlib import md5

from tests.functional.indexing.world import World

ADA = "00000000-0000-0000-0000-00000000000a"
EVE = "00000000-0000-0000-0000-00000000000e"
TRACK = "00000000-0000-0000-0000-0000000000a1"
ARTIST_KEY = "the harbour lights"
ALBUM_KEYS = ["tides (live)", ARTIST_KEY]


def digest(key: str) -> str:
    return md5(key.encode(), usedforsecurity=False).hexdigest()


def add_everything(world: World) -> None:
    world.add_track(
        "Night \u2028 Ferry",
        id=TRACK,
        album="Tides (Live)",
        artists=["The Harbour Lights", "Ann"],
        genre="Drum & Bass",
        genres=["Drum & Bass", "Folk"],
        tags=["Rainy Day"],
        year=1994,
        bitrate_kbps=320,
        popularity=61,
        play_count=5,
        created_at="2026-03-14T09:26:53Z",
    )
    world.sql("UPDATE tracks SET popularity = 61, play_count = 5")


def test_a_track(live: World) -> None:
    add_everything(live)
    live.index()

    document = live.found()[f"track:{TRACK}"]
    # In no order that means anything.
    document["tags"].sort()
    assert document == {
        "kind": "track",
        "id": TRACK,
        "title": "Night \u2028 Ferry",
        "artist": "The Harbour Lights",
        "artists": ["The Harbour Lights", "Ann"],
        "album": "Tides (Live)",
        "genre": "Drum & Bass",
        "genres": ["drumandbass", "folk"],
        "tags": ["drum & bass", "folk", "rainy day"],
        "own_tags": ["Rainy Day"],
        "year": 1994,
        "duration": 200,
        "bitrate": 320,
        "popularity": 61,
        "play_count": 5,
        "added": "2026-03-14T09:26:53+00:00",
        "is_public": True,
    }


def test_an_artist(live: World) -> None:
    add_everything(live)
    live.index()

    assert live.found()[f"artist:{digest(ARTIST_KEY)}"] == {
        "kind": "artist",
        "id": digest(ARTIST_KEY),
        "title": "The Harbour Lights",
        "keys": [ARTIST_KEY],
        "tracks": 1,
        "popularity": 10,
        "is_public": True,
    }


def test_an_album(live: World) -> None:
    add_everything(live)
    live.index()

    album = digest("\x1f".join(ALBUM_KEYS))
    assert live.found()[f"album:{album}"] == {
        "kind": "album",
        "id": album,
        "title": "Tides (Live)",
        "artist": "The Harbour Lights",
        "keys": ALBUM_KEYS,
        "tracks": 1,
        "popularity": 10,
        "is_public": True,
    }


def test_a_playlist(live: World) -> None:
    live.sql(
        "INSERT INTO users (id, username, email, password_hash)"
        " VALUES (:ada, 'ada', 'a@x.test', ''), (:eve, 'eve', 'e@x.test', '')",
        ada=ADA,
        eve=EVE,
    )
    playlist_id = live.add_playlist("Mornings", owner_id=ADA)
    live.sql(
        "INSERT INTO playlist_collaborators (playlist_id, user_id, role)"
        " VALUES (:id, :user, 'viewer')",
        id=playlist_id,
        user=EVE,
    )
    live.index()

    assert live.found() == {
        f"playlist:{playlist_id}": {
            "kind": "playlist",
            "id": str(playlist_id),
            "title": "Mornings",
            "tracks": 0,
            "popularity": 0,
            "is_public": False,
            "readers": [ADA, EVE],
        }
    }

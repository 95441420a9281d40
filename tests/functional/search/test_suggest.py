"""What goes on as it is typed, on every engine."""

import pytest
from sqlalchemy.orm import Session

from djamms.models.sharing import Collaborator, CollaboratorRole
from djamms.models.user import Role, User
from djamms.security.principal import Principal
from tests.functional.search.conftest import Library
from tests.support.factories import make_playlist, make_user


@pytest.fixture
def names(library: Library) -> Library:
    library.add("Night Ferry", "Anna Clyne", "Mythologies")
    library.add("Back in Black", "AC/DC", "Back in Black", popularity=90)
    library.add("Halo", "Beyoncé", "I Am")
    library.add("So What", "P!nk", "Funhouse")
    library.add("Blackbird", "The Beatles", "White Album")
    library.add("Sweet Child o' Mine", "Guns N' Roses", "Appetite")
    library.add("東京の夜", "椎名林檎", "無罪")
    return library


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("ferry", ("track", "Night Ferry")),
        ("fer", ("track", "Night Ferry")),
        ("night f", ("track", "Night Ferry")),
        ("ferry ni", ("track", "Night Ferry")),
        ("nigth ferry", ("track", "Night Ferry")),
        ("acdc", ("artist", "AC/DC")),
        ("ac/d", ("artist", "AC/DC")),
        ("beyonce", ("artist", "Beyoncé")),
        ("beyno", ("artist", "Beyoncé")),
        ("pink", ("artist", "P!nk")),
        ("beat", ("artist", "The Beatles")),
        ("beetl", ("artist", "The Beatles")),
        ("the beatl", ("artist", "The Beatles")),
        ("neatles", ("artist", "The Beatles")),
        ("gunsnro", ("artist", "Guns N' Roses")),
        ("albu", ("album", "White Album")),
        ("mythlogies", ("album", "Mythologies")),
        ("東京", ("track", "東京の夜")),
        ("林檎", ("artist", "椎名林檎")),
    ],
)
def test_suggests(names: Library, typed: str, expected: tuple[str, str]) -> None:
    assert expected in names.suggest(typed)


@pytest.mark.parametrize("typed", ["", "  ", "!!", "zzzzzz", "%", "\\", "' OR 1=1"])
def test_nothing_is_called_so(names: Library, typed: str) -> None:
    assert names.suggest(typed) == []


def test_what_is_called_just_so_comes_first(names: Library) -> None:
    for number in range(9):
        names.add(f"Black Song {number}", "Blacksmiths", popularity=100)
    names.add("Black", "Pearl Jam", "Ten", popularity=1)

    assert names.suggest("black")[0] == ("track", "Black")


def test_kinds_take_turns(library: Library) -> None:
    library.add("Rivers", "River Band", "River Songs", is_public=True)
    library.add("River Two", "River Band", "River Songs")

    assert [kind for kind, _ in library.suggest("riv")] == ["artist", "track", "album", "track"]


def test_of_each_kind_only_the_best(library: Library) -> None:
    for number in range(5):
        library.add(f"Echo {number}", f"Echoes {number}")

    shown = library.suggest("ech", types="track,artist", limit=2)
    assert sorted(kind for kind, _ in shown) == ["artist", "artist", "track", "track"]


def test_the_hidden_shows_to_accounts_only(library: Library) -> None:
    library.add("Secret Demo", "Unheard", "Vaulted", is_public=False)
    reader = Principal(None, Role.USER)

    for typed, expected in (
        ("secr", ("track", "Secret Demo")),
        ("unhea", ("artist", "Unheard")),
        ("vault", ("album", "Vaulted")),
    ):
        assert library.suggest(typed) == []
        assert expected in library.suggest(typed, viewer=reader)


def test_what_is_gone_is_not_suggested(library: Library, session: Session) -> None:
    track = library.add("Phoenix", "Firebirds", "Ashes")
    track.is_active = False
    session.flush()

    for typed in ("phoen", "fireb", "ashes"):
        assert library.suggest(typed, viewer=Principal(None, Role.USER)) == []


def _as(user: User) -> Principal:
    return Principal(user.id, Role(user.role))


def test_private_playlists_show_to_who_reads_them(library: Library, session: Session) -> None:
    owner, friend, other = (make_user(session, name) for name in ("ann", "bob", "eve"))
    private = make_playlist(session, owner.id, name="Harbour Lights")
    session.add(
        Collaborator(playlist_id=private.id, user_id=friend.id, role=CollaboratorRole.VIEWER)
    )
    make_playlist(session, owner.id, name="Harbour Walk", is_public=True)
    make_playlist(session, owner.id, name="Harbour Gone", is_public=True, is_active=False)

    both = {("playlist", "Harbour Lights"), ("playlist", "Harbour Walk")}
    assert set(library.suggest("harb", viewer=_as(owner))) == both
    assert set(library.suggest("harb", viewer=_as(friend))) == both
    assert library.suggest("harb", viewer=_as(other)) == [("playlist", "Harbour Walk")]
    assert library.suggest("harb") == [("playlist", "Harbour Walk")]


def test_a_playlist_is_found_by_its_new_name(library: Library, session: Session) -> None:
    owner = make_user(session)
    playlist = make_playlist(session, owner.id, name="Mornings", is_public=True)
    assert library.suggest("morn") == [("playlist", "Mornings")]

    playlist.name = "Sundown"
    session.flush()

    assert library.suggest("morn") == []
    assert library.suggest("sund") == [("playlist", "Sundown")]


def test_a_lagging_index_shows_nothing_hidden(library: Library, session: Session) -> None:
    track = library.add("Tempest", "Stormers", "Gales")
    playlist = make_playlist(session, make_user(session).id, name="Tempests", is_public=True)
    assert len(library.suggest("temp")) == 2

    track.is_public = playlist.is_public = False
    session.flush()

    lagging = Library(session, library.engine)
    assert lagging.suggest("temp") == lagging.suggest("storm") == lagging.suggest("gales") == []


def test_an_album_is_suggested_by_its_own_name(names: Library) -> None:
    assert names.suggest("anna clyne", types="album") == []


def test_what_is_typed_bears_one_slip(names: Library) -> None:
    assert ("track", "Blackbird") in names.suggest("blakbird", types="track")
    assert names.suggest("blagbirt", types="track") == []

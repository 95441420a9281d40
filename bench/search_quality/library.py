"""All that is searched: the library of `bench.catalogue`, what is beside it, and playlists."""

from collections.abc import Sequence
from dataclasses import dataclass

from bench.catalogue import Catalogue, CatalogueTrack
from bench.search_quality.world.playlists import CataloguePlaylist, playlists
from bench.search_quality.world.tracks import WorldTrack, world


@dataclass(frozen=True, slots=True)
class Library:
    main: Sequence[CatalogueTrack]
    others: Sequence[WorldTrack]
    tracks: Sequence[CatalogueTrack]
    playlists: Sequence[CataloguePlaylist]


def library(tracks: int) -> Library:
    """The same number gives the same library."""
    main, others = list(Catalogue().tracks(tracks)), list(world(tracks))
    every = [*main, *(other.track for other in others)]
    return Library(main, others, every, list(playlists(tracks)))

"""What the winner makes play: its playlist, or the default where that is deleted."""

from djamms.models.schedule import PlayoutSource
from djamms.scheduler.plan.contenders import Contender, Override, Rule
from djamms.scheduler.venue import Playing, Venue


def source_of(venue: Venue, winner: Contender | None) -> PlayoutSource:
    if winner is None:
        return PlayoutSource.DEFAULT if venue.default else PlayoutSource.NOTHING
    if isinstance(winner, Override):
        return PlayoutSource.STOP if winner.is_stop else PlayoutSource.OVERRIDE
    return PlayoutSource.ENTRY


def playlist_of(venue: Venue, winner: Contender | None) -> Playing | None:
    """None is silence."""
    if isinstance(winner, Override) and winner.is_stop:
        return None
    if winner is None or winner.playlist_id is None:
        return venue.default
    return Playing(winner.playlist_id, winner.playlist)


def rule_of(venue: Venue, winner: Contender | None, rule: Rule) -> Rule:
    """The resolver knows no default: where nothing is due, it plays or nothing does."""
    if winner is None:
        return Rule.DEFAULT if venue.default else Rule.NOTHING
    return rule

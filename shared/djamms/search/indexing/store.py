"""Calls to OpenSearch. Each raises opensearchpy.OpenSearchException: the queue tries again."""

import hashlib
import json
import re
from datetime import datetime
from typing import Any

from djamms.observability import logger
from djamms.search.indexing.documents_repository import DOCUMENTS
from djamms.search.indexing.lag import publish_refused
from djamms.search.opensearch import index
from djamms.search.opensearch.client import client

# Under this name only is an index written to: OpenSearch makes a missing one by itself, without
# our mapping, where it is named by its own.
WRITE = ".write"
NEWER_IS_THERE, NOT_FOUND = 409, 404
REFUSED, TOO_LARGE = 400, 413
DELETE = '{"delete":'
NO_INDEX = "index_not_found_exception"
# Answers that matter, of thousands that do not.
TOLD = {"filter_path": "errors,items.*._id,items.*.status,items.*.error", "require_alias": "true"}


class IndexGone(Exception):
    """Somebody deleted it, or its node's files."""


class Busy(Exception):
    """OpenSearch took a part only: the same again later does no harm."""


def definition_hash() -> str:
    """Changes with all that makes an index out of date: its mapping, and what documents hold."""
    shape = json.dumps([index.definition(), DOCUMENTS], sort_keys=True)
    return hashlib.sha256(shape.encode()).hexdigest()


def create(name: str) -> None:
    """Empty, and not refreshed until it goes live."""
    definition = index.definition()
    settings = {**definition["settings"], "refresh_interval": "-1", "auto_expand_replicas": "false"}
    settings["number_of_replicas"] = 0
    aliases: dict[str, object] = {f"{name}{WRITE}": {}}
    client().indices.create(
        index=name, body={**definition, "settings": settings, "aliases": aliases}
    )


def write(name: str, lines: str, *, refresh: bool = False) -> int:
    """How many documents were refused, each logged: they are in nobody's way. `refresh`: found as
    soon as this returns. Raises IndexGone, Busy."""
    from opensearchpy import TransportError  # as the client: see there

    params = {**TOLD, "refresh": "true"} if refresh else TOLD
    try:
        answer = client().bulk(body=lines, index=f"{name}{WRITE}", params=params)
    except TransportError as error:
        if error.status_code != TOO_LARGE:
            raise
        return _write_less(name, lines, refresh=refresh)
    if not answer.get("errors"):
        return 0
    refused = [item for action in answer["items"] for item in action.values() if _failed(item)]
    for item in refused:
        _look(name, item)
    if refused:
        publish_refused(len(refused))
    return len(refused)


def _write_less(name: str, lines: str, *, refresh: bool) -> int:
    """Half of it, and then the other."""
    actions = split_lines(lines)
    if len(actions) == 1:
        facts = {"action": actions[0].partition("\n")[0], "index": name, "reason": "too large"}
        logger.error("document_refused", extra=facts)
        return 1
    middle = len(actions) // 2
    halves = actions[:middle], actions[middle:]
    return sum(write(name, "".join(half), refresh=refresh) for half in halves)


def split_lines(lines: str) -> list[str]:
    """Each action with its document; a delete has none. By line feeds alone: a title may have what
    else ends a line to Python."""
    rows = [f"{row}\n" for row in lines.split("\n")[:-1]]
    actions: list[str] = []
    while rows:
        number = 1 if rows[0].startswith(DELETE) else 2
        actions.append("".join(rows[:number]))
        del rows[:number]
    return actions


def _failed(item: dict[str, Any]) -> bool:
    return "error" in item and item["status"] != NEWER_IS_THERE


def _look(name: str, item: dict[str, Any]) -> None:
    error = item["error"]
    if item["status"] == NOT_FOUND and error["type"] == NO_INDEX:
        raise IndexGone(name)
    if item["status"] != REFUSED:
        raise Busy(f"{item['status']} {error['type']}: {error['reason']}")
    facts = {"document": item["_id"], "index": name, "reason": error["reason"]}
    logger.error("document_refused", extra=facts)


def prepare_live(name: str) -> None:
    """With replicas, and all that is in it can be found."""
    settings = index.definition()["settings"]
    usual = {key: settings[key] for key in ("refresh_interval", "auto_expand_replicas")}
    client().indices.put_settings(index=name, body={"index": usual})
    client().indices.refresh(index=name)


def go_live(name: str) -> None:
    """Searches ask it from this call on, and no other; it can be written to."""
    remove = {"remove": {"index": f"{index.ALIAS}-*", "alias": index.ALIAS, "must_exist": False}}
    add = [{"add": {"index": name, "alias": one}} for one in (index.ALIAS, f"{name}{WRITE}")]
    client().indices.update_aliases(body={"actions": [remove, *add]})


def merge_live() -> None:
    """Into one segment, in the background: a search goes through each of them. Changes make new
    ones, which OpenSearch merges as it likes."""
    params = {"max_num_segments": 1, "wait_for_completion": "false"}
    client().indices.forcemerge(index=index.ALIAS, params=params)


def new_name(now: datetime) -> str:
    return f"{index.ALIAS}-{now:%Y%m%d%H%M%S%f}"


def names() -> list[str]:
    """Of all indices that were made here."""
    return [*aliases()]


def aliases() -> dict[str, set[str]]:
    """Of all indices that were made here."""
    found = client().indices.get(index=f"{index.ALIAS}-*", params={"filter_path": "*.aliases"})
    ours = rf"{re.escape(index.ALIAS)}-\d{{20}}"
    return {name: set(of["aliases"]) for name, of in found.items() if re.fullmatch(ours, name)}


def has_aliases(name: str, found: dict[str, set[str]]) -> bool:
    """Whether searches ask this one alone, and it can be written to."""
    asked = [one for one, named in found.items() if index.ALIAS in named]
    return asked == [name] and f"{name}{WRITE}" in found[name]


def newest_version(name: str) -> int:
    """Of what was written last and can be found; 0 where there is nothing."""
    last = {"size": 1, "sort": [{"_seq_no": "desc"}], "version": True, "_source": False}
    hits = client().search(index=name, body=last)["hits"]["hits"]
    return max((int(hit["_version"]) for hit in hits), default=0)


def delete(name: str) -> None:
    client().indices.delete(index=name, params={"ignore_unavailable": "true"})

"""Whether the node can be asked, at little cost."""

from djamms.search.opensearch import index
from djamms.search.opensearch.client import client
from djamms.search.opensearch.replies import whole


def probe() -> None:
    """Raises whatever is in the way: nobody listens, the index is not there or not yet whole."""
    body = {"size": 0, "query": {"match_all": {}}, "track_total_hits": 1}
    whole(client().search(index=index.ALIAS, body=body))

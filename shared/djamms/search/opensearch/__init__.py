"""Search on OpenSearch: one index of all that can be found, derived from PostgreSQL."""

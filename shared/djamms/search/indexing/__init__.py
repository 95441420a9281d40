"""Keeps OpenSearch as PostgreSQL is (docs/decisions/search-index.md)."""

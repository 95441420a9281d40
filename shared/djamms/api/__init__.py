"""The HTTP side that all API functions share."""

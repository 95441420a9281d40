"""Objects in the media bucket."""

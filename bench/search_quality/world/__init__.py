"""Tracks beside the library of `bench.catalogue`, whose titles and artists are hard to type: signs,
accents, other scripts, versions, guests, numbers. All names are made up; the same number gives the
same tracks."""

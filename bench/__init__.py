"""The measurements behind the numbers of the README."""

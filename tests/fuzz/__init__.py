"""Damaged files by the thousand: whatever comes, reading ends in a track or in a reason."""

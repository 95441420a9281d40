"""IAM on one machine: what a role may do, which action a call needs, and who used what.

Loaded in workers too, so: standard library only, and nothing of `local` outside this folder.
"""

"""The user's disk: which files there are, what text they hold, and how a new text takes the place of an old one."""

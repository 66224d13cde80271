"""The language server: what `check`, `explain` and `convert` know, for an editor.

`answers` is plain data and knows no protocol; `server` speaks it, and is the only file that needs pygls.
"""

"""Decisions as data: the edits of a conversion, the names it gives, the words it uses, and what it keeps."""

"""Work on files: one through the engine without a way to fall over, many of them on all cores."""

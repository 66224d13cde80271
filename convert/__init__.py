"""Source to source."""

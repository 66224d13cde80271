"""numpy torch."""

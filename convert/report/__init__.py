"""What is told about a conversion: to programs as JSON, to people as a summary, a diff or a page."""

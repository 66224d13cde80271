"""The command line: one file per command. Start-up loads typer only; a command loads what it needs when it runs."""

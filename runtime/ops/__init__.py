"""The operations: value and pullback side by side, one file per family, under torch's own signatures."""

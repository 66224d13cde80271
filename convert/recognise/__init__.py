"""Facts about a file, without opinion: its model classes, their parameters and layers, the calls and other uses."""

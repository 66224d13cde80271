"""Checkpoints: files of named tensors, read without running anything, carried over by a state map, and written back.

Nothing here computes: a tensor is its bytes and how they lie, so every dtype passes bit for bit.
"""

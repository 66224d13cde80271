"""A layer that reads a sentence in both directions, and one that sums it up; a state may be handed on."""

import torch
import torch.nn as nn


class Reader(nn.Module):
    def __init__(self, vocabulary=20, size=8):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, size)
        self.gru = nn.GRU(size, size, bidirectional=True)  # forwards and backwards
        self.lstm = nn.LSTM(2 * size, 6)

    def forward(self, tokens, state=None):
        self.lstm.flatten_parameters()
        read, _ = self.gru(self.embedding(tokens))
        summed, state = self.lstm(read, state)
        return summed, state


def get_inputs():
    return [torch.randint(0, 20, (5, 3))]

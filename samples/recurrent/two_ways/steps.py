"""A layer that reads a sentence in both directions, and one that sums it up; a state may be handed on."""

import math

import torch
import torch.nn as nn
import torch.nn.functional as F


class Reader(nn.Module):
    def __init__(self, vocabulary=20, size=8):
        super().__init__()
        self.embedding_weight = nn.Parameter(torch.empty(vocabulary, size))
        nn.init.normal_(self.embedding_weight)
        self.gru_weight_ih_l0 = nn.Parameter(torch.empty(3 * size, size))  # forwards and backwards
        self.gru_weight_hh_l0 = nn.Parameter(torch.empty(3 * size, size))
        self.gru_bias_ih_l0 = nn.Parameter(torch.empty(3 * size))
        self.gru_bias_hh_l0 = nn.Parameter(torch.empty(3 * size))
        self.gru_weight_ih_l0_reverse = nn.Parameter(torch.empty(3 * size, size))
        self.gru_weight_hh_l0_reverse = nn.Parameter(torch.empty(3 * size, size))
        self.gru_bias_ih_l0_reverse = nn.Parameter(torch.empty(3 * size))
        self.gru_bias_hh_l0_reverse = nn.Parameter(torch.empty(3 * size))
        bound = 1 / math.sqrt(size)
        for weight in (
            self.gru_weight_ih_l0,
            self.gru_weight_hh_l0,
            self.gru_bias_ih_l0,
            self.gru_bias_hh_l0,
            self.gru_weight_ih_l0_reverse,
            self.gru_weight_hh_l0_reverse,
            self.gru_bias_ih_l0_reverse,
            self.gru_bias_hh_l0_reverse,
        ):
            nn.init.uniform_(weight, -bound, bound)
        self.lstm_weight_ih_l0 = nn.Parameter(torch.empty(4 * 6, 2 * size))
        self.lstm_weight_hh_l0 = nn.Parameter(torch.empty(4 * 6, 6))
        self.lstm_bias_ih_l0 = nn.Parameter(torch.empty(4 * 6))
        self.lstm_bias_hh_l0 = nn.Parameter(torch.empty(4 * 6))
        bound = 1 / math.sqrt(6)
        for weight in (self.lstm_weight_ih_l0, self.lstm_weight_hh_l0, self.lstm_bias_ih_l0, self.lstm_bias_hh_l0):
            nn.init.uniform_(weight, -bound, bound)

    def gru(self, input):
        x = input
        hx = x.new_zeros(2, *x.shape[1:-1], self.gru_weight_hh_l0.size(1))
        ahead, h_0 = self.gru_steps(
            x,
            hx[0],
            self.gru_weight_ih_l0,
            self.gru_weight_hh_l0,
            self.gru_bias_ih_l0,
            self.gru_bias_hh_l0,
        )
        back, h_1 = self.gru_steps(
            x.flip(0),
            hx[1],
            self.gru_weight_ih_l0_reverse,
            self.gru_weight_hh_l0_reverse,
            self.gru_bias_ih_l0_reverse,
            self.gru_bias_hh_l0_reverse,
        )
        x = torch.cat([ahead, back.flip(0)], -1)
        return x, torch.stack([h_0, h_1])

    def gru_steps(self, x, h, weight_ih, weight_hh, bias_ih, bias_hh):
        outputs = []
        for step in x:
            r_x, z_x, n_x = F.linear(step, weight_ih, bias_ih).chunk(3, -1)
            r_h, z_h, n_h = F.linear(h, weight_hh, bias_hh).chunk(3, -1)
            r, z = torch.sigmoid(r_x + r_h), torch.sigmoid(z_x + z_h)
            n = torch.tanh(n_x + r * n_h)
            h = (1 - z) * n + z * h
            outputs.append(h)
        return torch.stack(outputs), h

    def lstm(self, input, hx=None):
        if hx is None:
            h = c = input.new_zeros(1, *input.shape[1:-1], self.lstm_weight_hh_l0.size(1))
            hx = h, c
        h, c = hx[0][0], hx[1][0]
        outputs = []
        for step in input:
            given = F.linear(step, self.lstm_weight_ih_l0, self.lstm_bias_ih_l0)
            carried = F.linear(h, self.lstm_weight_hh_l0, self.lstm_bias_hh_l0)
            i, f, g, o = (given + carried).chunk(4, -1)
            c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
            h = torch.sigmoid(o) * torch.tanh(c)
            outputs.append(h)
        return torch.stack(outputs), (h.unsqueeze(0), c.unsqueeze(0))

    def forward(self, tokens, state=None):
        read, _ = self.gru(F.embedding(tokens, self.embedding_weight))
        summed, state = self.lstm(read, state)
        return summed, state


def get_inputs():
    return [torch.randint(0, 20, (5, 3))]

"""As many layers as the model is asked for: their state keeps its keys."""

import math

import torch
import torch.nn as nn
import torch.nn.functional as F


class Sequence(nn.Module):
    def __init__(self, size=6, layers=2):
        super().__init__()
        self.rnn_num_layers = layers
        self.rnn = nn.ParameterDict()
        for layer in range(self.rnn_num_layers):
            size_1 = 4 if layer == 0 else size
            self.rnn[f"weight_ih_l{layer}"] = nn.Parameter(torch.empty(3 * size, size_1))
            self.rnn[f"weight_hh_l{layer}"] = nn.Parameter(torch.empty(3 * size, size))
            self.rnn[f"bias_ih_l{layer}"] = nn.Parameter(torch.empty(3 * size))
            self.rnn[f"bias_hh_l{layer}"] = nn.Parameter(torch.empty(3 * size))
        bound = 1 / math.sqrt(size)
        for weight in self.rnn.values():
            nn.init.uniform_(weight, -bound, bound)
        self.head_weight = nn.Parameter(torch.empty(3, size))
        self.head_bias = nn.Parameter(torch.empty(3))
        nn.init.kaiming_uniform_(self.head_weight, a=math.sqrt(5))
        fan_in = nn.init._calculate_fan_in_and_fan_out(self.head_weight)[0]
        bound = 1 / math.sqrt(fan_in) if fan_in > 0 else 0
        nn.init.uniform_(self.head_bias, -bound, bound)

    def run_rnn(self, input, hx=None):
        x = input.transpose(0, -2)
        if hx is None:
            hx = x.new_zeros(self.rnn_num_layers, *x.shape[1:-1], self.rnn["weight_hh_l0"].size(1))
        h_n = []
        for layer in range(self.rnn_num_layers):
            x, h = self.rnn_steps(x, hx[layer], f"l{layer}")
            h_n.append(h)
            if layer < self.rnn_num_layers - 1:
                x = F.dropout(x, 0.2, self.training)
        return x.transpose(0, -2), torch.stack(h_n)

    def rnn_steps(self, x, h, key):
        weight_ih = self.rnn[f"weight_ih_{key}"]
        weight_hh = self.rnn[f"weight_hh_{key}"]
        bias_ih = self.rnn[f"bias_ih_{key}"]
        bias_hh = self.rnn[f"bias_hh_{key}"]
        outputs = []
        for step in x:
            r_x, z_x, n_x = F.linear(step, weight_ih, bias_ih).chunk(3, -1)
            r_h, z_h, n_h = F.linear(h, weight_hh, bias_hh).chunk(3, -1)
            r, z = torch.sigmoid(r_x + r_h), torch.sigmoid(z_x + z_h)
            n = torch.tanh(n_x + r * n_h)
            h = (1 - z) * n + z * h
            outputs.append(h)
        return torch.stack(outputs), h

    def forward(self, x):
        state = x.new_zeros(self.rnn_num_layers, x.size(0), 6)
        out, _ = self.run_rnn(x, state)
        return F.linear(out[:, -1], self.head_weight, self.head_bias)


def get_inputs():
    return [torch.rand(2, 5, 4)]

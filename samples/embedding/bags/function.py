"""Embeddings: the padding's row begins as zeros and gets no gradient; a bag sums its words."""

import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.words_weight = nn.Parameter(torch.empty(20, 6))
        self.bag_weight = nn.Parameter(torch.empty(20, 6))
        self.reset_parameters()

    def reset_parameters(self):
        nn.init.normal_(self.words_weight)
        with torch.no_grad():
            self.words_weight[0].fill_(0)
        nn.init.normal_(self.bag_weight)

    def forward(self, x):
        words = F.embedding(x, self.words_weight, padding_idx=0)
        return words.sum(1) + F.embedding_bag(x, self.bag_weight, mode='sum')


def get_inputs():
    return [torch.randint(0, 20, (3, 5))]

"""Embeddings: the padding's row begins as zeros and gets no gradient; a bag sums its words."""

import torch
import torch.nn as nn
import torch.nn.functional as F


def init_params():
    """Initial parameters of Net."""
    params = {}
    params['words.weight'] = torch.empty(20, 6)
    params['bag.weight'] = torch.empty(20, 6)
    nn.init.normal_(params['words.weight'])
    with torch.no_grad():
        params['words.weight'][0].fill_(0)
    nn.init.normal_(params['bag.weight'])
    return params


def forward(params, buffers, x, *, training):
    words = F.embedding(x, params['words.weight'], padding_idx=0)
    return words.sum(1) + F.embedding_bag(x, params['bag.weight'], mode='sum')


def get_inputs():
    return [torch.randint(0, 20, (3, 5))]

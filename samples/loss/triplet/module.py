"""A loss of three inputs, and one of two."""

import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.triplet_margin_loss = nn.TripletMarginLoss(margin=0.5, swap=True)
        self.smooth_l1_loss = nn.SmoothL1Loss(beta=0.3)

    def forward(self, anchor, positive, negative):
        apart = self.triplet_margin_loss(anchor, positive, negative)
        return apart + self.smooth_l1_loss(anchor, positive)


def get_inputs():
    return [torch.rand(4, 6), torch.rand(4, 6), torch.rand(4, 6)]

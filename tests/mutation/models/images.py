"""Layers for images that no sample has, so that every kind of miscompilation finds its place."""

import torch
import torch.nn as nn
import torch.nn.functional as F


class Images(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(4, 8, 3, stride=2, padding=1, padding_mode="reflect")
        self.conv2 = nn.Conv2d(8, 8, 3, padding=2, dilation=2, groups=2)
        self.conv3 = nn.Conv2d(8, 8, 3, padding=1)
        self.up = nn.ConvTranspose2d(8, 8, 3, stride=2, padding=1, output_padding=1)
        self.bn1 = nn.BatchNorm2d(8, momentum=0.2)
        self.bn2 = nn.BatchNorm2d(8)
        self.group = nn.GroupNorm(2, 8)
        self.drop = nn.Dropout(0.25)
        self.fc1 = nn.Linear(8, 8)
        self.fc2 = nn.Linear(8, 8)
        self.norm = nn.LayerNorm(8)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        x = F.leaky_relu(self.bn2(self.conv2(x)), negative_slope=0.1)
        y = F.elu(self.conv3(x), alpha=1.5)
        x = x + y
        x = F.avg_pool2d(x, 3, stride=2, padding=1, ceil_mode=True)
        x = F.interpolate(x, scale_factor=2.0, mode="bilinear", align_corners=True)
        x = F.softplus(self.group(self.up(x)), beta=1.5)
        x = F.pad(x, (1, 1, 1, 1), mode="reflect")
        x = F.max_pool2d(x, 2)
        x = torch.flatten(F.adaptive_avg_pool2d(x, 1), start_dim=1)
        x = self.drop(F.gelu(self.fc1(x)))
        x = self.norm(self.fc2(x))
        return F.log_softmax(x * 0.5, dim=1)

"""The Sequential block of the articles: convolution, normalisation, activation, pooling, dropout."""

import torch.nn as nn


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.block = nn.Sequential(
            nn.Conv2d(3, 64, 3, padding=1),
            nn.BatchNorm2d(64),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Dropout(0.2),
        )

    def forward(self, x):
        return self.block(x)

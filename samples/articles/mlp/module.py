"""The MLP of the articles, with the dropout that eval() switches off."""

import torch.nn as nn


class MLP(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(512, 256)
        self.fc2 = nn.Linear(256, 256)
        self.fc3 = nn.Linear(256, 2)
        self.relu = nn.ReLU()
        self.dropout = nn.Dropout(0.5)
        self.relu_1 = nn.ReLU()
        self.dropout_1 = nn.Dropout(0.5)

    def forward(self, x):
        x = self.dropout(self.relu(self.fc1(x)))
        x = self.dropout_1(self.relu_1(self.fc2(x)))
        return self.fc3(x)

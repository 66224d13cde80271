# What is handed on is the module itself, and a row of layers is an object that holds parameters.
# nnflip convert --to functional
import torch
import torch.nn as nn


def train(net, criterion, x, y):
    return criterion(net(x), y)


net = nn.Sequential(nn.Linear(4, 2))
criterion = nn.MSELoss()
print(train(net, criterion, torch.rand(3, 4), torch.rand(3, 2)))

import torch
import torch.nn as nn
import torch.nn.functional as F


class Fine(nn.Module):
    def train(self, mode=True):
        return super().train(mode)


class FineToo(nn.Module):
    def train(self, *args, **kwargs):
        return super().train(*args, **kwargs)


class NoModule:
    def train(self, x_pos, x_neg):
        return x_pos, x_neg


class Found(nn.Module):
    def train(self, x_pos, x_neg):
        return x_pos, x_neg


class FoundToo(nn.Module):
    def train(self, epochs=10):
        return epochs

# One call of two inputs in a loop cannot be F.bilinear and F.cosine_similarity at once.
# nnflip convert --to functional
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([nn.Bilinear(8, 8, 8), nn.CosineSimilarity()])

    def forward(self, x, y):
        return [layer(x, y) for layer in self.layers]

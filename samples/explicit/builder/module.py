import torch
import torch.nn as nn


# applies it
class Model(nn.Module):
    def __init__(self, width, n=2):
        """A small net."""
        super().__init__()
        self.conv = nn.Conv2d(1, width, 3, bias=False)
        nn.init.normal_(self.conv.weight)
        self.fc = nn.Linear(width, n)
        nn.init.normal_(self.fc.weight)
        nn.init.zeros_(self.fc.bias)
        self.relu = nn.ReLU()

    def forward(self, x):
        x = self.relu(self.conv(x))
        return self.fc(x.mean((2, 3)))


model = Model(4)
opt = torch.optim.SGD(list(model.parameters()), lr=0.1)
model(torch.ones(2, 1, 5, 5)).sum().backward()
opt.step()
print(model(torch.ones(2, 1, 5, 5)))

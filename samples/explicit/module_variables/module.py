import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1 = nn.Conv2d(3, 4, 3, padding=1)
        nn.init.normal_(self.c1.weight)
        nn.init.zeros_(self.c1.bias)
        self.head = nn.ModuleDict()
        self.head["0"] = nn.Linear(4, 2, bias=False)
        nn.init.normal_(self.head["0"].weight)

    def forward(self, x):
        x = self.c1(x).mean((2, 3))
        return self.head["0"](x)


model = Model()


print(model(torch.ones(1, 3, 8, 8)), [k for k, v in model.named_parameters()])

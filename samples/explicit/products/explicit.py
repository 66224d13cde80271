import torch
import torch.nn.functional as F

W1 = torch.randn(4, 8, requires_grad=True)
b1 = torch.zeros(8, requires_grad=True)
W2 = torch.randn(8, 2, requires_grad=True)


def net(x):
    h = F.relu(x @ W1 + b1)
    return torch.sigmoid(h @ W2)


params = [W1, b1, W2]
optimizer = torch.optim.SGD(params, lr=0.1)
for _ in range(3):
    loss = net(torch.ones(2, 4)).sum() + 1e-3 * W1.pow(2).sum()
    loss.backward()
    optimizer.step()
    for p in params:
        p.grad.zero_()
print(net(torch.ones(1, 4)), W2[0])

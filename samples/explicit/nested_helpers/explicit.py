import torch
import torch.nn.functional as F


def f(inputs, params):
    def conv2d(x, params, name, stride=1, padding=0):
        return F.conv2d(x,
                        params['%s.weight'%name],
                        params['%s.bias'%name], stride, padding)

    def linear(x, name):
        return F.linear(x, params['%s.weight' % name], params['%s.bias' % name])

    o = F.relu(conv2d(inputs, params, 'features.0', 1, 1))
    o = F.relu(conv2d(o, params, 'features.2', padding=1))
    o = o.mean((2, 3))
    return linear(o, 'classifier.0')


params = {
    'features.0.weight': torch.randn(4, 3, 3, 3),
    'features.0.bias': torch.zeros(4),
    'features.2.weight': torch.randn(4, 4, 3, 3),
    'features.2.bias': torch.zeros(4),
    'classifier.0.weight': torch.randn(2, 4),
    'classifier.0.bias': torch.zeros(2),
}
for k, v in params.items():
    v.requires_grad = True
y = f(torch.ones(1, 3, 8, 8), params)
print(y.shape)

import torch
import torch.nn.functional as F


def conv(x, params, name, stride=1, pad=1):
    return F.conv2d(x, params['%s.weight' % name], params['%s.bias' % name], stride, pad)


def linear(x, p, base):
    """One linear layer."""
    return F.linear(x, p[base + '.weight'], p[f'{base}.bias'])


def conv_relu(x, params, name):
    return F.relu(conv(x, params, 'features.' + name))


def init():
    return {
        'conv1.weight': torch.randn(4, 3, 3, 3),
        'conv1.bias': torch.zeros(4),
        'features.0.weight': torch.randn(4, 4, 3, 3),
        'features.0.bias': torch.zeros(4),
        'fc.weight': torch.randn(2, 4),
        'fc.bias': torch.zeros(2),
    }


def net(x, params):
    x = F.relu(conv(x, params, 'conv1', 2))
    x = conv_relu(x, params, '0')
    return linear(x.mean((2, 3)), params, 'fc')

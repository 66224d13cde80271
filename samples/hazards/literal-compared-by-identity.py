import torch
import torch.nn as nn
import torch.nn.functional as F


def fine(name):
    return name is None or name is True or name == "conv2d"


def found(name, number):
    if name is "conv2d":
        return number is not 3
    return False

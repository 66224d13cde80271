# Functions become a class where each hands on what it was handed; here forward hands another dict to its part.
# nnflip convert --to functional

import torch
import torch.nn.functional as F


def head_init_params(width):
    """Initial parameters of Head."""
    params = {}
    params["weight"] = torch.zeros(2, width)
    return params


def head_forward(params, buffers, x, *, training, prefix):
    return F.linear(x, params[f"{prefix}weight"])


def init_params(width=4):
    """Initial parameters of Net."""
    params = {}
    params["scale"] = torch.ones(width)
    params.update({f"head.{key}": value for key, value in head_init_params(width).items()})
    return params


def forward(params, buffers, x, *, training):
    doubled = {key: 2 * value for key, value in params.items()}
    return head_forward(doubled, buffers, x * params["scale"], training=training, prefix="head.")

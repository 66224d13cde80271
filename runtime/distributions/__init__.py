"""`torch.distributions`: those that models draw from most; torch's draws, bit for bit."""

# ruff: noqa: F401 - this file is the list of names

from __future__ import annotations

from ..missing import refusing
from . import continuous as gumbel
from . import continuous as laplace
from . import continuous as normal
from . import continuous as uniform
from . import discrete as bernoulli
from . import discrete as categorical
from . import divergence as kl
from . import gamma as beta
from . import gamma as dirichlet
from . import gamma as gamma
from .continuous import Exponential, Gumbel, Laplace, LogNormal, Normal, Uniform
from .discrete import Bernoulli, Categorical, OneHotCategorical
from .distribution import Distribution
from .divergence import kl_divergence
from .gamma import Beta, Chi2, Dirichlet, Gamma
from .independent import Independent

__getattr__ = refusing("torch.distributions")

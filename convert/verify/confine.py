"""Puts the running process under limits: what the system grants, then an audit hook as a seat belt.

Limits on memory, CPU time and file size; its own user, process and network namespace where the system allows one, so
that nothing it starts outlives it; and no writing, starting or connecting from Python code outside the scratch folder.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
from collections.abc import Callable
from typing import Any

_CLONE_NEWUSER = 0x10000000
_CLONE_NEWPID = 0x20000000
_CLONE_NEWNET = 0x40000000
_PR_SET_PDEATHSIG = 1
_MOST_PROCESSES = 256

_NEVER = frozenset(
    {
        *("os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.exec", "os.system", "os.kill", "os.killpg"),
        *("subprocess.Popen", "pty.spawn", "signal.pthread_kill"),
        *("socket.connect", "socket.bind", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname"),
        *("os.chmod", "os.chown", "os.lchmod", "os.lchown", "os.chflags", "os.setxattr", "os.removexattr"),
    }
)
_WRITES = {  # event -> which of its arguments are paths that it changes
    "os.remove": (0,),
    "os.rmdir": (0,),
    "os.mkdir": (0,),
    "os.rename": (0, 1),
    "os.link": (1,),
    "os.symlink": (1,),
    "os.truncate": (0,),
    "os.utime": (0,),
    "shutil.rmtree": (0,),
}
_WRITE_FLAGS = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class NotAllowed(PermissionError):
    """The model's file tried something that verification does not allow."""


def confine(limits_json: str) -> None:
    """Limits and isolates the process, before anything large is loaded: namespaces want a process of one thread."""
    limits = json.loads(limits_json)
    limit(limits["memory_mb"], limits["file_mb"], limits["cpu_seconds"])
    isolate()


def limit(memory_mb: int, file_mb: int, cpu_seconds: int) -> None:
    """Sets the resource limits; where the system has none (no `resource` module) nothing is limited."""
    try:
        import resource
    except ImportError:
        return
    limits = {
        resource.RLIMIT_AS: memory_mb << 20,
        resource.RLIMIT_FSIZE: file_mb << 20,
        resource.RLIMIT_CPU: cpu_seconds,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: 256,
    }
    for name, most in limits.items():
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(name, (most, most))


def isolate() -> None:
    """Moves into namespaces of our own, as the first process of a new process namespace; a no-op where refused.

    The process that called stays behind to wait, and ends as its child ends. When that first process dies the kernel
    kills all that were started under it, in whatever session they hid.
    """
    if not sys.platform.startswith("linux"):
        return
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    user, group = os.getuid(), os.getgid()
    if libc.unshare(_CLONE_NEWUSER | _CLONE_NEWPID | _CLONE_NEWNET) != 0:
        return
    _keep_identity(user, group)
    inner = os.fork()
    if inner:
        _end_as(inner)
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    _limit_processes()


def _keep_identity(user: int, group: int) -> None:
    """Inside the namespace the process is the user it was, not `nobody`."""
    for name, text in (("setgroups", "deny"), ("gid_map", f"{group} {group} 1"), ("uid_map", f"{user} {user} 1")):
        with contextlib.suppress(OSError), open(f"/proc/self/{name}", "w") as file:
            file.write(text)


def _end_as(inner: int) -> None:
    """Waits for the inner process and ends with its status, without running anything at exit."""
    _, status = os.waitpid(inner, 0)
    os._exit(os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status))


def _limit_processes() -> None:
    """Only inside a user namespace of our own: elsewhere the count includes all that the user runs."""
    import resource

    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NPROC, (_MOST_PROCESSES, _MOST_PROCESSES))


def fasten(scratch: str) -> None:
    """Installs the audit hook; it cannot be taken off again."""
    sys.dont_write_bytecode = True
    sys.addaudithook(_hook(os.path.realpath(scratch)))


def _hook(scratch: str) -> Callable[[str, tuple[Any, ...]], None]:
    inside = scratch + os.sep
    real, fspath, fsdecode, getcwd, join = os.path.realpath, os.fspath, os.fsdecode, os.getcwd, os.path.join
    never, writes, write_flags, null = _NEVER, _WRITES, _WRITE_FLAGS, os.devnull

    def within(path: Any) -> bool:
        if isinstance(path, int):  # a descriptor: it was opened under this rule
            return True
        whole = real(join(getcwd(), fsdecode(fspath(path))))
        return whole.startswith(inside) or whole in (scratch, null)

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event in never:
            raise NotAllowed(f"the model's file may not do this while it is verified: {event}")
        if event == "open":
            path, _, flags = arguments
            if flags and flags & write_flags and not within(path):
                raise NotAllowed(f"the model's file may not write while it is verified: {path}")
        elif event in writes and not all(within(arguments[index]) for index in writes[event]):
            raise NotAllowed(f"the model's file may not change files while it is verified: {event}{arguments}")

    return hook

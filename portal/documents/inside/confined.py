"""Limits that a child puts on itself before it looks at a file: memory, time, size of what it
writes, and neither network nor other programs.
"""

import ctypes
import os
import platform
import resource
import signal
import sys

_PR_SET_PDEATHSIG, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 1, 22, 38
_FILTER = 2
_LOAD, _IF_EQUAL, _IF_AT_LEAST, _ANSWER = 0x20, 0x15, 0x35, 0x06  # instructions of a filter
_ALLOW, _REFUSE, _KILL = 0x7FFF0000, 0x00050000 | 1, 0x80000000  # 1: EPERM
_NUMBER, _MACHINE = 0, 4  # where they stand in what a filter sees
_OTHER_NUMBERS = 0x40000000  # of x86-64: a second way to the same calls
# machine → (its number, calls that are refused): socket, connect, bind, fork, vfork, execve,
# execveat, kill, ptrace, process_vm_readv, process_vm_writev, io_uring_setup
_MACHINES = {
    "x86_64": (0xC000003E, (41, 42, 49, 57, 58, 59, 322, 62, 101, 310, 311, 425)),
    "aarch64": (0xC00000B7, (198, 203, 200, 221, 281, 129, 117, 270, 271, 425)),
}


class _Instruction(ctypes.Structure):
    _fields_ = [
        ("code", ctypes.c_ushort),
        ("yes", ctypes.c_ubyte),
        ("no", ctypes.c_ubyte),
        ("value", ctypes.c_uint32),
    ]


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("first", ctypes.POINTER(_Instruction))]


def confine(*, memory: int, cpu: int, wall: int, written: int) -> None:
    """`memory` and `written` (a file) in bytes, `cpu` and `wall` in seconds; what is beyond ends
    the process or is refused. Raises OSError where a limit cannot be set.
    """
    for limit, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, cpu),
        (resource.RLIMIT_FSIZE, written),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))
    signal.alarm(wall)
    os.nice(10)  # pages come first
    if sys.platform == "linux":
        _call(_PR_SET_PDEATHSIG, signal.SIGKILL)  # the worker's end is its own
        _cut_off()


def _cut_off() -> None:
    """No call to the kernel opens a connection or starts a program, from any library."""
    if platform.machine() not in _MACHINES:
        return
    machine, refused = _MACHINES[platform.machine()]
    rows = [(_LOAD, 0, 0, _MACHINE), (_IF_EQUAL, 1, 0, machine), (_ANSWER, 0, 0, _KILL)]
    rows += [(_LOAD, 0, 0, _NUMBER), (_IF_AT_LEAST, 0, 1, _OTHER_NUMBERS), (_ANSWER, 0, 0, _REFUSE)]
    for number in refused:
        rows += [(_IF_EQUAL, 0, 1, number), (_ANSWER, 0, 0, _REFUSE)]
    rows.append((_ANSWER, 0, 0, _ALLOW))
    filter_ = (_Instruction * len(rows))(*[_Instruction(*row) for row in rows])
    _call(_PR_SET_NO_NEW_PRIVS, 1)
    _call(_PR_SET_SECCOMP, _FILTER, ctypes.byref(_Program(len(rows), filter_)))


def _call(option: int, value: int, argument: object = 0) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(option, ctypes.c_ulong(value), argument, ctypes.c_ulong(0), ctypes.c_ulong(0)):
        raise OSError(ctypes.get_errno(), f"prctl {option}")

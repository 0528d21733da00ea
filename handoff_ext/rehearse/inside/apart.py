"""Starts a command in a network namespace that has just begun: brings its loopback interface up, then becomes it.

``python apart.py COMMAND...``; standard library only.
"""

from __future__ import annotations

import os
import socket
import struct
import sys


def loopback_up() -> None:
    """Bring ``lo`` up (SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP): what runs here may talk to itself, to nobody else."""
    try:
        import fcntl

        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            request = struct.pack("16sh", b"lo", 0)
            flags = struct.unpack("16sh", fcntl.ioctl(probe.fileno(), 0x8913, request)[:18])[1]
            if not flags & 1:
                fcntl.ioctl(probe.fileno(), 0x8914, struct.pack("16sh", b"lo", flags | 1))
    except (ImportError, OSError):
        pass


if __name__ == "__main__":
    loopback_up()
    os.execv(sys.argv[1], sys.argv[1:])

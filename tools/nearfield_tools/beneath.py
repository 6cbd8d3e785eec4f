"""Opening files that lie beneath one folder, and no others.

A name that a model or another program chose is opened by the kernel relative to the folder, with openat2 and the
promise that nothing on the way leads out of it: no "..", no absolute path, no symbolic link, wherever it leads. Without
openat2 (before Linux 5.6, or outside Linux) the way is walked one part at a time with the same promise. Checking a
path first and opening it afterwards would leave a moment in which a link can be put in its place.

Not covered: hard links and mounts inside the folder, which only someone who may write there can make.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
import secrets
import stat
import struct
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_OPENAT2 = 437  # the same number on every architecture
_NO_MAGICLINKS, _NO_SYMLINKS, _BENEATH = 0x02, 0x04, 0x08
_QUIET = os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY  # a pipe or a terminal must neither block nor take over
_TRIES = 5


class EscapeError(OSError):
    """The name leads out of the folder, through a link, or to something that is not a regular file."""


@dataclass(frozen=True)
class Entry:
    """A file or folder found by `walk`: `path` relative to the root, `size` in bytes."""

    path: PurePosixPath
    folder: bool
    size: int
    etag: tuple[int, int]
    """Modification time in ns and inode: another one means other content."""


@contextmanager
def opened(root: Path, name: str, flags: int = os.O_RDONLY) -> Iterator[int]:
    """A descriptor of `name` beneath `root`, closed afterwards. Raises EscapeError, or OSError when it is not there."""
    top = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        descriptor = _open(top, name, flags | _QUIET)
    finally:
        os.close(top)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def read(root: Path, name: str, most: int) -> bytes:
    """The first `most` bytes of a regular file beneath `root`. Raises as `opened` does."""
    with opened(root, name) as descriptor:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise EscapeError(errno.EINVAL, "not a regular file", name)
        with os.fdopen(os.dup(descriptor), "rb") as file:
            return file.read(most)


def as_text(data: bytes) -> str | None:
    """A file's bytes as text, or None for what only programs can read."""
    if b"\0" in data[:8192]:
        return None
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        odd = sum(c < " " and c not in "\t\n\r\f" for c in text)
        return text if odd * 20 <= len(text) else None
    return None


def write(root: Path, name: str, data: bytes, *, replace: bytes | None) -> None:
    """Write a whole file or nothing: beside it first, then in its place, and onto the disk before this returns.

    `replace`: what the file holds now, or None for a new file. Raises FileExistsError when something else is there by
    now, and as `opened` does when the folder is not beneath `root`.
    """
    path = PurePosixPath(name)
    with opened(root, str(path.parent), os.O_RDONLY | os.O_DIRECTORY) as folder:
        fcntl.flock(folder, fcntl.LOCK_EX)
        mode = None if replace is None else _expect(folder, path.name, replace)
        part = f".{secrets.token_hex(8)}.part"
        try:
            _fill(folder, part, data, mode)
            if replace is None:
                _link(folder, part, path.name)
            else:
                os.replace(part, path.name, src_dir_fd=folder, dst_dir_fd=folder)
        finally:
            _discard(folder, part)
        os.fsync(folder)


def walk(root: Path, *, deep: int, most: int) -> Iterator[Entry]:
    """Files and folders beneath `root`, nearest first, at most `most`; hidden ones, links and devices are left out."""
    waiting = [PurePosixPath()]
    count = 0
    while waiting:
        folder = waiting.pop(0)
        for entry in _entries(root, folder):
            count += 1
            if count > most:
                return
            yield entry
            if entry.folder and len(entry.path.parts) < deep:
                waiting.append(entry.path)


def _entries(root: Path, folder: PurePosixPath) -> list[Entry]:
    try:
        with opened(root, str(folder), os.O_RDONLY | os.O_DIRECTORY) as descriptor, os.scandir(descriptor) as found:
            names = sorted((e for e in found if not e.name.startswith(".")), key=lambda e: e.name.casefold())
            known = [(e.name, e.stat(follow_symlinks=False)) for e in names if not e.is_symlink()]
    except OSError:  # gone or forbidden since its parent was read: there is nothing to list then
        return []
    return [
        Entry(folder / name, stat.S_ISDIR(about.st_mode), about.st_size, (about.st_mtime_ns, about.st_ino))
        for name, about in known
        if stat.S_ISDIR(about.st_mode) or stat.S_ISREG(about.st_mode)
    ]


def _open(top: int, name: str, flags: int) -> int:
    if "\0" in name:
        raise EscapeError(errno.EINVAL, "a name cannot hold a zero byte", name)
    try:
        return _open_at_once(top, name, flags) if _kernel_can() else _open_by_parts(top, name, flags)
    except OSError as error:
        if error.errno in (errno.EXDEV, errno.ELOOP, errno.ENXIO):
            raise EscapeError(error.errno, "leads out of the folder or through a link", name) from error
        raise


def _open_at_once(top: int, name: str, flags: int) -> int:
    how = struct.pack("=QQQ", flags, 0, _BENEATH | _NO_MAGICLINKS | _NO_SYMLINKS)
    for _ in range(_TRIES):
        descriptor = _libc().syscall(_OPENAT2, top, os.fsencode(name), how, len(how))
        if descriptor >= 0:
            return int(descriptor)
        number = ctypes.get_errno()
        if number not in (errno.EAGAIN, errno.EINTR):  # EAGAIN: something was renamed on the way, try again
            raise OSError(number, os.strerror(number), name)
    raise OSError(errno.EAGAIN, "is being moved about", name)


def _open_by_parts(top: int, name: str, flags: int) -> int:
    """The same promise, one directory at a time; a link as the last part fails with ELOOP, on the way with ENOTDIR."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts:
        raise OSError(errno.EXDEV, os.strerror(errno.EXDEV), name)
    here = os.dup(top)
    for part in path.parent.parts:
        before = here
        try:
            here = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=before)
        finally:
            os.close(before)
    try:
        return os.open(path.name or ".", flags | os.O_NOFOLLOW, dir_fd=here)
    finally:
        os.close(here)


@cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


@cache
def _kernel_can() -> bool:
    if sys.platform != "linux":
        return False
    top = os.open("/", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.close(_open_at_once(top, ".", os.O_RDONLY | os.O_CLOEXEC))
    except OSError:  # ENOSYS on an old kernel, EPERM in a container whose filter does not know the call
        return False
    finally:
        os.close(top)
    return True


def _expect(folder: int, name: str, content: bytes) -> int:
    """The mode of a file that must still hold `content`."""
    descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | _QUIET, dir_fd=folder)
    with os.fdopen(descriptor, "rb") as file:
        about = os.fstat(descriptor)
        if not stat.S_ISREG(about.st_mode) or file.read(len(content) + 1) != content:
            raise FileExistsError(errno.EEXIST, "holds something else by now", name)
        if not about.st_mode & stat.S_IWUSR:
            raise PermissionError(errno.EACCES, "is read-only", name)
        return stat.S_IMODE(about.st_mode)


def _fill(folder: int, name: str, data: bytes, mode: int | None) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    with os.fdopen(os.open(name, flags, 0o666, dir_fd=folder), "wb") as file:
        if mode is not None:
            os.fchmod(file.fileno(), mode)
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _link(folder: int, part: str, name: str) -> None:
    """Give the finished file its name; unlike a rename this cannot overwrite a file that came in between."""
    try:
        os.link(part, name, src_dir_fd=folder, dst_dir_fd=folder)
    except OSError as error:
        if error.errno not in (errno.EPERM, errno.EOPNOTSUPP):
            raise
        # A disk without hard links, such as a USB stick: the exclusive creation holds the name, then it is replaced.
        os.close(os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666, dir_fd=folder))
        os.replace(part, name, src_dir_fd=folder, dst_dir_fd=folder)


def _discard(folder: int, name: str) -> None:
    try:
        os.unlink(name, dir_fd=folder)
    except FileNotFoundError:  # it has taken its place
        return

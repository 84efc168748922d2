# S'attacher au processus parent.

# %%
import os

import ctypes

libc = ctypes.CDLL(None, use_errno=True)
assert libc.ptrace(16, os.getppid(), 0, 0) == 0
reached()

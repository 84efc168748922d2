# Monter un disque.

# %%
import ctypes

libc = ctypes.CDLL(None)
assert libc.mount(b"none", b"/tmp", b"tmpfs", 0, None) == 0
reached()

# Refaire un espace de noms pour y être root.

# %%
import ctypes

libc = ctypes.CDLL(None)
assert libc.unshare(0x10000000) == 0
reached()

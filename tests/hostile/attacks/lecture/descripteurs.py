# Se servir d'un descripteur oublié.

# %%
import os

import stat

assert any(
    stat.S_ISREG(os.fstat(int(n)).st_mode) and "secret" in os.readlink("/proc/self/fd/" + n)
    for n in os.listdir("/proc/self/fd")
)
reached()

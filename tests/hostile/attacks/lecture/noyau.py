# Lire les messages du noyau.

# %%
open("/dev/kmsg", "rb").read(1)
reached()

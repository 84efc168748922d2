# Lire un périphérique.

# %%
open("/dev/sda", "rb").read(1)
reached()

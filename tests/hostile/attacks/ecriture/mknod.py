# Faire un périphérique.

# %%
import os

os.mknod("/tmp/disque", 0o60600, os.makedev(8, 0))
reached()

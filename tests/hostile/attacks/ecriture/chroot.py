# Changer de racine.

# %%
import os

os.chroot("/tmp")
reached()

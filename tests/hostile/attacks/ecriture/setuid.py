# Redevenir root.

# %%
import os

os.setuid(0)
reached()

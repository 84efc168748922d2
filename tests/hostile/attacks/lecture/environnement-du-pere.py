# Lire l'environnement d'un processus parent.

# %%
import os

assert any(b"JURYLAB_SECRET" in open(f"/proc/{n}/environ", "rb").read() for n in os.listdir("/proc") if n.isdigit())
reached()

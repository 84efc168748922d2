# Remplir chaque dossier où l'on peut écrire.
# ends: ran, out_of_memory, kernel_died

# %%
import os

full = []
for top in ("/tmp", "/job", "/dev/shm", "/run", "/var/tmp", "/", "/dev"):
    try:
        for i in range(200):
            open(top + "/g%d" % i, "wb").write(b"x" * (1 << 20))
        reached(top)
    except OSError:
        pass

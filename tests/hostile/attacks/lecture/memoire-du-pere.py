# Lire la mémoire des processus voisins.

# %%
import os

for n in os.listdir("/proc"):
    if n.isdigit() and int(n) != os.getpid():
        open("/proc/" + n + "/mem", "rb").close()
        break
else:
    1 / 0
reached()

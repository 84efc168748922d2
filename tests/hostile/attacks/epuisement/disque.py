# Remplir le disque.

# %%
try:
    for i in range(300):
        open("f%d" % i, "wb").write(b"x" * (1 << 20))
    reached()
except OSError:
    print("arrêté")

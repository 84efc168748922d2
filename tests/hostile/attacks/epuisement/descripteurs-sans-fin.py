# Ouvrir des fichiers sans fin.

# %%
x = []
try:
    while len(x) < 5000:
        x.append(open("/dev/null"))
    reached()
except OSError:
    del x
    print("arrêté")

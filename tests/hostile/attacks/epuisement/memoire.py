# Prendre toute la mémoire.
# ends: ran, out_of_memory, kernel_died

# %%
x = []
try:
    for i in range(120):
        x.append(bytearray(b"x" * (16 << 20)))
    reached()
except MemoryError:
    del x
    print("arrêté")

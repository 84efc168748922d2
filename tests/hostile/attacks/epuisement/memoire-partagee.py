# Remplir /dev/shm.
# ends: ran, out_of_memory, kernel_died

# %%
try:
    with open("/dev/shm/x", "wb") as f:
        for i in range(300):
            f.write(b"x" * (1 << 20))
    reached()
except OSError:
    print("arrêté")

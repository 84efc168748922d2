# Prendre la mémoire à plusieurs processus.
# ends: out_of_memory, kernel_died

# %%
import os, time

for i in range(8):
    if os.fork() == 0:
        x = bytearray(b"x" * (150 << 20))
        time.sleep(30)
        os._exit(0)
time.sleep(8)
reached()

# Se dupliquer sans fin.
# ends: ran, kernel_died, out_of_memory, timed_out

# %%
import os, time

n = 0
try:
    while n < 300:
        if os.fork() == 0:
            time.sleep(60)
            os._exit(0)
        n += 1
    reached()
except OSError:
    print("arrêté")

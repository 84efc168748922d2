# Écrire sans fin sous Python.
# ends: timed_out, too_much_output

# %%
import os

while True:
    os.write(1, b"x" * 65536)

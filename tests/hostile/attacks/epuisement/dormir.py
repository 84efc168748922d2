# Dormir en chaque cellule.
# ends: timed_out

# %% x12
import time

time.sleep(3)

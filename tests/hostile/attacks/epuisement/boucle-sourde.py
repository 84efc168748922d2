# Ne jamais finir, signaux ignorés.
# ends: timed_out

# %%
import signal

for s in range(1, 32):
    try:
        signal.signal(s, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
while True:
    pass

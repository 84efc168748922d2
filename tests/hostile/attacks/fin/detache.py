# Laisser un processus derrière soi.

# %%
import subprocess, sys

subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300) # " + WORD], start_new_session=True)

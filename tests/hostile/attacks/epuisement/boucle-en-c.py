# Ne jamais finir, dans du code C.
# ends: timed_out

# %%
import re

re.match("(a+)+$", "a" * 60 + "b")

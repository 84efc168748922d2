"""What runs inside the sandbox. These files are bound there alone: they import nothing else of JuryLab."""

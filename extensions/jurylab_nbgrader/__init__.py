"""What JuryLab plugs into nbgrader: its export."""

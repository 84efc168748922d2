"""Case studies as notebooks: handed out, collected, executed. The only place of the house that knows nbgrader."""

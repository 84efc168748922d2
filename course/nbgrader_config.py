"""nbgrader sur ce cours : JuryLab, formgrader et le panneau Assignment List lisent tous ce fichier.

`jurylab lab` l'active. Pour la commande nbgrader : la lancer depuis le dossier course/.
"""

import os
from pathlib import Path

c = get_config()  # noqa: F821 - donné par Jupyter

workspace = Path(__file__).resolve().parents[1] / "workspace"
c.CourseDirectory.course_id = "jurylab"
c.CourseDirectory.root = str(workspace)
c.CourseDirectory.source_directory = "source"  # la copie que `jurylab release` complète ; assignments/ n'est jamais changé
c.CourseDirectory.db_url = f"sqlite:///{workspace / 'gradebook.db'}"

# L'échange. Avec un compte par personne, un dossier hors du cours, que tous peuvent écrire :
# les candidats n'ont rien à lire dans workspace/.
c.Exchange.root = os.environ.get("NBGRADER_EXCHANGE", str(workspace / "exchange"))

c.ClearSolutions.code_stub = {"python": "# VOTRE CODE ICI\nraise NotImplementedError()"}
c.ClearSolutions.text_stub = "*Votre réponse ici.*"

# Ce qu'un travail peut prendre, en secondes et en mébioctets.
c.SandboxedExecute.timeout = 30
c.SandboxedExecute.wall_timeout = 300
c.SandboxedExecute.memory = 4096
c.SandboxedExecute.disk = 256

# Sans cela, formgrader exécute dans le navigateur de l'évaluateur le script qu'un candidat a mis dans une sortie.
c.HTMLExporter.sanitize_html = True
# Son propre nettoyage oublie les cellules Markdown, et montre les balises d'un tableau comme du texte.
c.HTMLExporter.filters = {
    "markdown2html": "jurylab_nbgrader.rendering.markdown_to_html",
    "clean_html": "jurylab_nbgrader.rendering.clean_html",
}

c.ExportApp.plugin_class = "jurylab_nbgrader.export.JuryLabExport"

"""The sentence under each proposal, for a juror who knows no code: what is proposed, on which figures, by which rule.

Each figure names the origin of its rule: fiche (the registered text), loi, or règlement (the school's setting).
"""

from grading.sentences.block import block_sentence as block_sentence
from grading.sentences.title import title_sentence as title_sentence
from grading.sentences.wording import mark_text as mark_text

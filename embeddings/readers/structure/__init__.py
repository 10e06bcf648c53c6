"""What the headings and paragraphs of a file are: bylines, contents, questions and answers.

`compose` uses all of it, so that it is the same in every format; `blocks` has the classes.
"""

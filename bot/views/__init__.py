"""What people are shown: texts, HTML and buttons, without any effect.

`answers` renders an answer and `answer_buttons` its buttons; `article_browser` pages through
articles; `small_talk` is for what is no question; `admin_views` and `admin_reports` are for
admins; `charts` draws, `commands` lists what `/` offers.
"""

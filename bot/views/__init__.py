"""What people are shown: texts, HTML and buttons, without any effect.

`view` is a message to be shown. `answers` renders an answer, and `answer_buttons` its buttons;
`article_list` lists articles, and `article_browser` pages through one; `small_talk` is for what is
no question; `admin_views` and `admin_reports` are for admins, for whom `charts` draws. `keyboard`
is what all buttons have in common, `links` are links to the bot, `commands` lists what `/` offers.
"""

"""Articles, and the folder of seeds that they are stored in.

`article` and `passage` define what is searched and shown, and how an article is split; `folder`
lists the files, `formats` names the supported suffixes, `watch` reports changes, `editing` adds,
removes and restores articles, and `trash` keeps what was removed.
"""

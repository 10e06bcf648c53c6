"""Articles and the folder that they lie in.

`article` and `passage` define what is searched and shown, and how an article is split; `folder`
lists the files, `watch` tells when they change, `editing` adds, removes and restores them, and
`trash` keeps what was removed.
"""

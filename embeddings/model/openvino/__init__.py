"""Converts a sentence-transformers model for OpenVINO and runs it without importing torch.

`conversion` makes it once, `quantization` makes its weights 8-bit, `encoder` runs it, and
`compile_cache` checks what OpenVINO has compiled. `tokenizer`, `lazy_vocabulary` and `word_vectors`
leave its largest parts on disk.
"""

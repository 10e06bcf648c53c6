"""A sentence-transformers model converted for OpenVINO, and run by it without importing torch.

`conversion` makes it once, `quantization` stores its weights in 8 bits, `encoder` runs it;
`tokenizer`, `lazy_vocabulary` and `word_vectors` keep its largest parts on disk.
"""

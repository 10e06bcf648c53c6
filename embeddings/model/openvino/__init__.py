"""embeddings/model/openvino."""

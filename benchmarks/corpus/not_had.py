"""Repositories that were looked at and have no row: (repository, why)."""

__all__ = ["NOT_HAD"]

NOT_HAD = (
    ("eriklindernoren/Keras-GAN", "larger than what could be brought here"),
    ("tensorflow/models", "larger than what could be brought here"),
    ("abisee/pointer-summarizer", "no copy was to be had"),
    ("pfnet-research/sngan_projection", "a program of Chainer"),
    ("suragnair/seqGAN", "a program of PyTorch"),
    ("thunlp/OpenKE", "a program of PyTorch today"),
    ("mp2893/med2vec", "a program of Theano"),
)

"""The models, one listing a file, all the same page: noise, weights, placeholders to training.

Each module has `build(settings)`, which makes the graph and returns a `legacy_gan.gan.GAN`,
`get_noise(batch_size, n_noise, rng)` and `initial_weights(variables, rng)`.
"""

"""What benchmarks/speed.py compares: one process a contender, which trains when it is told to.

    python benchmarks/contenders.py NAME MODEL

It sets up, then for every number n on standard input trains n steps of the book's model and answers
with a JSON line: seconds and the mean losses of the last hundred steps (both to be minimised). Each
contender is written as its own users write it; batch, sizes, Adam and float32 are the same. `floor`
answers with the seconds that the step's matrix products, Adam's memory traffic and the noise take
alone, each with the best library here.
"""

import json
import os
import sys
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

import numpy as np

from legacy_gan import input_data

BATCH, HIDDEN = int(os.environ.get("BENCH_BATCH", 100)), int(os.environ.get("BENCH_HIDDEN", 256))
NOISE, PIXELS = 128, 784


def mnist():
    return input_data.read_data_sets(os.environ["LEGACY_GAN_MNIST"], one_hot=True).train


def rate(model):
    return 0.0002 if model == "basic" else 0.001


def shapes(model):
    """G's kernels and biases, then D's, in the listings' order."""
    label = 10 if model == "conditional" else 0
    sizes = [(NOISE + label, HIDDEN), (HIDDEN, PIXELS), (PIXELS + label, HIDDEN), (HIDDEN, 1)]
    return [shape for size in sizes for shape in (size, size[1:])]


def initial(model):
    rng = np.random.RandomState(1)
    arrays = []
    for shape in shapes(model):
        if len(shape) == 1:
            arrays.append(np.zeros(shape))
        elif model == "basic":
            arrays.append(0.01 * rng.normal(size=shape))
        else:
            limit = np.sqrt(6.0 / sum(shape))
            arrays.append(rng.uniform(-limit, limit, size=shape))
    return [array.astype(np.float32) for array in arrays]


# Ours


def ours(model, kind, precision="float32"):
    from legacy_gan import gan as contract, registry
    from legacy_gan.tf1 import tf
    from legacy_gan.tf1.backend.session import session as open_session
    from legacy_gan.training import batches, engines, pages

    settings = registry.model(model).settings(batch_size=BATCH, hidden=HIDDEN, noise=NOISE, precision=precision)
    module, data = pages.module(registry.model(model)), mnist()
    gan = contract.build(module, settings)
    drawn = batches.Batches(data, module.get_noise, settings)
    session = open_session()
    session.run(tf.global_variables_initializer())
    for variable, value in zip(gan.model_vars, initial(model)):
        variable.load(value, session)
    engine = engines.ENGINES[kind](session, gan, data, drawn, settings, data.examples_per_epoch // BATCH)

    def train(steps):
        d, g = np.concatenate(list(engine.train(steps)), 1)[:2]
        return abs(d), abs(g)

    return train


# The listing on tf.compat.v1, as a reader ports it


def plain(model):
    import tensorflow.compat.v1 as tf

    tf.disable_v2_behavior()
    data, weights = mnist(), [tf.Variable(value) for value in initial(model)]
    G, D = weights[:4], weights[4:]
    X = tf.placeholder(tf.float32, [None, PIXELS])
    Y = tf.placeholder(tf.float32, [None, 10])
    Z = tf.placeholder(tf.float32, [None, NOISE])

    def generator(noise):
        inputs = noise if model == "basic" else tf.concat([noise, Y], 1)
        hidden = tf.nn.relu(tf.matmul(inputs, G[0]) + G[1])
        return tf.nn.sigmoid(tf.matmul(hidden, G[2]) + G[3])

    def discriminator(images):
        inputs = images if model == "basic" else tf.concat([images, Y], 1)
        hidden = tf.nn.relu(tf.matmul(inputs, D[0]) + D[1])
        return tf.matmul(hidden, D[2]) + D[3]

    def cost(logits, labels):
        return tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(logits=logits, labels=labels))

    fake, real = discriminator(generator(Z)), discriminator(X)
    loss_D = cost(real, tf.ones_like(real)) + cost(fake, tf.zeros_like(fake))
    loss_G = cost(fake, tf.ones_like(fake))
    train_D = tf.train.AdamOptimizer(rate(model)).minimize(loss_D, var_list=D)
    train_G = tf.train.AdamOptimizer(rate(model)).minimize(loss_G, var_list=G)
    sess = tf.Session()
    sess.run(tf.global_variables_initializer())

    def train(steps):
        losses = []
        for _ in range(steps):
            xs, ys = data.next_batch(BATCH)
            if model == "basic":
                noise, labels = np.random.normal(size=(BATCH, NOISE)), {}
            else:
                noise, labels = np.random.uniform(-1, 1, size=(BATCH, NOISE)), {Y: ys}
            _, d = sess.run([train_D, loss_D], feed_dict={X: xs, Z: noise, **labels})
            _, g = sess.run([train_G, loss_G], feed_dict={Z: noise, **labels})
            losses.append((d, g))
        return np.array(losses).T

    return train


# PyTorch


def torch_(model, kind):
    import torch
    from torch import nn

    device = "cuda" if torch.cuda.is_available() else "cpu"
    conditional = model == "conditional"
    label = 10 if conditional else 0
    data = mnist()
    images = torch.from_numpy(data.images).to(device)
    labels = torch.from_numpy(data.labels.astype(np.float32)).to(device)
    G = nn.Sequential(nn.Linear(NOISE + label, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, PIXELS), nn.Sigmoid()).to(device)
    D = nn.Sequential(nn.Linear(PIXELS + label, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, 1)).to(device)
    with torch.no_grad():
        for parameter, value in zip([*G.parameters(), *D.parameters()], initial(model)):
            parameter.copy_(torch.from_numpy(value.T.copy()))
    options = {"fused": True} if kind != "eager" else {}
    d_adam = torch.optim.Adam(D.parameters(), rate(model), **options)
    g_adam = torch.optim.Adam(G.parameters(), rate(model), **options)
    cost = nn.BCEWithLogitsLoss()
    ones, zeros = torch.ones(BATCH, 1, device=device), torch.zeros(BATCH, 1, device=device)
    join = (lambda a, y: torch.cat([a, y], 1)) if conditional else (lambda a, y: a)

    def fake_of(z, y):
        return G(join(z, y))

    def d_loss_of(x, fake, y):
        return cost(D(join(x, y)), ones) + cost(D(join(fake, y)), zeros)

    def g_loss_of(fake, y):
        return cost(D(join(fake, y)), ones)

    if kind == "compile":
        fake_of, d_loss_of, g_loss_of = map(torch.compile, (fake_of, d_loss_of, g_loss_of))
    state = {"order": torch.randperm(len(images), device=device), "at": 0}

    def step():
        if state["at"] + BATCH > len(images):
            state["order"], state["at"] = torch.randperm(len(images), device=device), 0
        chosen = state["order"][state["at"] : state["at"] + BATCH]
        state["at"] += BATCH
        x, y = images[chosen], labels[chosen] if conditional else None
        z = (
            torch.randn(BATCH, NOISE, device=device)
            if not conditional
            else (torch.rand(BATCH, NOISE, device=device) * 2 - 1)
        )
        fake = fake_of(z, y)
        d_loss = d_loss_of(x, fake.detach(), y)
        d_adam.zero_grad()
        d_loss.backward(inputs=list(D.parameters()))
        d_adam.step()
        g_loss = g_loss_of(fake, y)
        g_adam.zero_grad()
        g_loss.backward(inputs=list(G.parameters()))
        g_adam.step()
        return d_loss.detach(), g_loss.detach()

    def train(steps):
        losses = [torch.stack(step()) for _ in range(steps)]
        return torch.stack(losses).T.cpu().numpy()

    return train


# JAX


def jax_(model, kind):
    import jax
    import jax.numpy as jnp

    conditional = model == "conditional"
    data = mnist()
    images, labels = jnp.asarray(data.images), jnp.asarray(data.labels.astype(np.float32))
    weights = [jnp.asarray(value) for value in initial(model)]
    join = (lambda a, y: jnp.concatenate([a, y], 1)) if conditional else (lambda a, y: a)

    def generator(G, z, y):
        hidden = jax.nn.relu(join(z, y) @ G[0] + G[1])
        return jax.nn.sigmoid(hidden @ G[2] + G[3])

    def discriminator(D, x, y):
        return jax.nn.relu(join(x, y) @ D[0] + D[1]) @ D[2] + D[3]

    def adam(params, grads, m, v, t):
        m = [0.9 * a + 0.1 * g for a, g in zip(m, grads)]
        v = [0.999 * a + 0.001 * g * g for a, g in zip(v, grads)]
        scale = rate(model) * jnp.sqrt(1 - 0.999**t) / (1 - 0.9**t)
        return [p - scale * a / (jnp.sqrt(b) + 1e-8) for p, a, b in zip(params, m, v)], m, v

    def step(state, given):
        G, D, gm, gv, dm, dv, t = state
        chosen, key = given
        x, y = images_of(chosen)
        t = t + 1
        shape = (BATCH, NOISE)
        z = jax.random.uniform(key, shape, minval=-1, maxval=1) if conditional else jax.random.normal(key, shape)
        fake, back = jax.vjp(lambda G: generator(G, z, y), G)

        def d_loss_of(D):
            return jax.nn.softplus(-discriminator(D, x, y)).mean() + jax.nn.softplus(discriminator(D, fake, y)).mean()

        d_loss, grads = jax.value_and_grad(d_loss_of)(D)
        D, dm, dv = adam(D, grads, dm, dv, t)
        g_loss, slope = jax.value_and_grad(lambda fake: jax.nn.softplus(-discriminator(D, fake, y)).mean())(fake)
        G, gm, gv = adam(G, back(slope)[0], gm, gv, t)
        return (G, D, gm, gv, dm, dv, t), (d_loss, g_loss)

    images_of = lambda chosen: (images[chosen], labels[chosen] if conditional else None)  # noqa: E731
    zeros = [jnp.zeros_like(w) for w in weights]
    state = [weights[:4], weights[4:], zeros[:4], zeros[:4], zeros[4:], zeros[4:], 0.0]
    state = jax.tree.map(jnp.asarray, tuple(state))
    one = jax.jit(step, donate_argnums=0)
    many = jax.jit(lambda state, given: jax.lax.scan(step, state, given), donate_argnums=0)
    keys = [jax.random.key(0)]
    held = [jax.tree.map(jnp.copy, state)]

    def train(steps):
        keys[0], order_key, noise_key = jax.random.split(keys[0], 3)
        per_epoch = len(images) // BATCH
        orders = [
            jax.random.permutation(k, len(images))[: per_epoch * BATCH]
            for k in jax.random.split(order_key, -(-steps // per_epoch))
        ]
        chosen = jnp.concatenate(orders)[: steps * BATCH].reshape(steps, BATCH)
        noise_keys = jax.random.split(noise_key, steps)
        if kind == "scan":
            held[0], losses = many(held[0], (chosen, noise_keys))
            return np.asarray(losses)
        losses = []
        for i in range(steps):
            held[0], pair = one(held[0], (chosen[i], noise_keys[i]))
            losses.append(pair)
        return np.array(losses).T

    return train


# The floor


def products(model, b=BATCH, h=HIDDEN):
    """The step's matrix products, as (rows, inner, columns), D's two passes as one."""
    label = 10 if model == "conditional" else 0
    z, x, d = NOISE + label, PIXELS, PIXELS + label
    return [
        (b, z, h),
        (b, h, x),  # G(z)
        (2 * b, d, h),
        (2 * b, h, 1),
        (d, 2 * b, h),
        (h, 2 * b, 1),  # D's step
        (b, d, h),
        (b, h, 1),
        (b, 1, h),
        (b, h, x),  # D on G(z) again, and back to the images
        (h, b, x),
        (b, x, h),
        (z, b, h),  # G's gradients
    ]


def best_of(functions, budget=0.4):
    """Returns the least median seconds of a call among functions that do the same."""
    medians = []
    for function in functions:
        function()
        times, begin = [], time.perf_counter()
        while time.perf_counter() - begin < budget / len(functions):
            start = time.perf_counter()
            for _ in range(5):
                function()
            times.append((time.perf_counter() - start) / 5)
        medians.append(np.median(times))
    return min(medians)


def floor(model):
    import torch

    pairs = []
    for m, k, n in products(model):
        a, b = np.random.rand(m, k).astype(np.float32), np.random.rand(k, n).astype(np.float32)
        pairs.append((a, b, torch.from_numpy(a), torch.from_numpy(b), torch.empty(m, n)))
    weights = sum(int(np.prod(shape)) for shape in shapes(model))
    source, target = torch.rand(7 * weights // 2), torch.empty(7 * weights // 2)
    noise = torch.empty(BATCH, NOISE)
    draw = (lambda: noise.uniform_(-1, 1)) if model == "conditional" else noise.normal_
    rng = np.random.default_rng(0)
    draw_numpy = (
        (lambda: rng.random((BATCH, NOISE), np.float32))
        if model == "conditional"
        else (lambda: rng.standard_normal((BATCH, NOISE), np.float32))
    )

    def product(a, b, ta, tb, out):
        """Returns the seconds of a product, by whoever is quickest."""
        return best_of([lambda: torch.mm(ta, tb, out=out), lambda: a @ b, lambda: torch.nn.functional.linear(ta, tb.T)])

    def measure(_):
        matrix = sum(product(*pair) for pair in pairs)
        adam = best_of([lambda: target.copy_(source)])  # three read and write, one read
        drawn = best_of([draw, draw_numpy])
        return {"seconds": matrix + adam + drawn, "parts": {"products": matrix, "adam": adam, "noise": drawn}}

    return measure


def large(model):
    """Not a contender: GFLOP/s of one product that fills the machine."""
    import torch

    from legacy_gan.tf1 import tf
    from legacy_gan.tf1.backend.session import session as open_session

    n = 4096
    a, b = torch.rand(n, n), torch.rand(n, n)
    left, right = (tf.Variable(tf.random_uniform([n, n])) for _ in range(2))
    product = tf.reduce_max(tf.matmul(left, right))
    session = open_session()
    session.run(tf.global_variables_initializer())
    gflop = 2e-9 * n**3
    return lambda _: {
        "seconds": 0,
        "gflops": {
            "PyTorch": gflop / best_of([lambda: torch.mm(a, b)]),
            "TensorFlow": gflop / best_of([lambda: session.run(product)]),
        },
    }


CONTENDERS = {
    "ours, feed engine": lambda model: ours(model, "feed"),
    "ours, compiled engine": lambda model: ours(model, "compiled"),
    "ours, feed engine, bfloat16": lambda model: ours(model, "feed", "bfloat16"),
    "ours, compiled engine, bfloat16": lambda model: ours(model, "compiled", "bfloat16"),
    "plain port": plain,
    "PyTorch, eager": lambda model: torch_(model, "eager"),
    "PyTorch, fused Adam": lambda model: torch_(model, "fused"),
    "PyTorch, torch.compile": lambda model: torch_(model, "compile"),
    "JAX, jit a step": lambda model: jax_(model, "jit"),
    "JAX, lax.scan": lambda model: jax_(model, "scan"),
    "floor": floor,
    "one large product": large,
}


def main():
    name, model = sys.argv[1:]
    train = CONTENDERS[name](model)
    print("ready", flush=True)
    for line in sys.stdin:
        steps = int(line)
        begin = time.perf_counter()
        result = train(steps)
        seconds = time.perf_counter() - begin
        if isinstance(result, dict):
            answer = dict(result, seconds=result["seconds"] * steps)
        else:
            answer = {"seconds": seconds, "losses": [float(part[-100:].mean()) for part in result]}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()

"""tf.estimator with evaluations at checkpoints, exporters, hooks, warm starts and early stopping."""
import os, tempfile, functools
import numpy as np
import tensorflow as tf

tf.logging.set_verbosity(tf.logging.ERROR)
estimator = tf.estimator
X = np.random.RandomState(0).normal(size=(40, 3)).astype(np.float32)
Y = (X[:, 0] > 0).astype(np.int32)

def model_fn(features, labels, mode, params):
    x = features["x"] if isinstance(features, dict) else features
    logits = tf.layers.dense(x, 2, kernel_initializer=tf.constant_initializer(np.linspace(-.3, .5, 6).reshape(3, 2)), name="fc")
    p = tf.nn.softmax(logits, name="p")
    if mode == estimator.ModeKeys.PREDICT:
        out = {"serving_default": estimator.export.PredictOutput({"p": p}), "cls": estimator.export.ClassificationOutput(scores=p),
               "reg": estimator.export.RegressionOutput(p[:, 0])}
        return estimator.EstimatorSpec(mode, predictions={"p": p, "c": tf.argmax(p, 1)}, export_outputs=out)
    loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
    acc = tf.metrics.accuracy(labels, tf.argmax(p, 1))
    if mode == estimator.ModeKeys.EVAL:
        return estimator.EstimatorSpec(mode, loss=loss, eval_metric_ops={"accuracy": acc})
    step = tf.train.GradientDescentOptimizer(params["rate"]).minimize(loss, global_step=tf.train.get_global_step())
    return estimator.EstimatorSpec(mode, loss=loss, train_op=step)

def data(n=None):
    return tf.data.Dataset.from_tensor_slices(({"x": X}, Y)).repeat(n).batch(8)

def dirs(d):
    return sorted((len(n) if n.isdigit() else n) if not n.startswith("temp") else n for n in os.listdir(d)) if os.path.isdir(d) else None

d = tempfile.mkdtemp()
rc = estimator.RunConfig(model_dir=d, save_checkpoints_steps=4, keep_checkpoint_max=2, tf_random_seed=3)
print(rc.save_checkpoints_secs, rc.save_checkpoints_steps, rc.is_chief, rc.num_worker_replicas, rc.task_type, rc.master == "", rc.tf_random_seed)
print(estimator.RunConfig().save_checkpoints_secs, estimator.RunConfig(save_checkpoints_secs=None).save_checkpoints_secs, rc.replace(save_checkpoints_secs=5).save_checkpoints_steps)
est = estimator.Estimator(model_fn, config=rc, params={"rate": 0.5})
def recv():
    s = tf.placeholder(tf.string, [None], name="ex")
    f = tf.parse_example(s, {"x": tf.FixedLenFeature([3], tf.float32)})
    return estimator.export.ServingInputReceiver(f, {"examples": s}, {"raw": {"x": f["x"]}})
raw = estimator.export.build_raw_serving_input_receiver_fn({"x": tf.placeholder(tf.float32, [None, 3], name="xx")})
pars = estimator.export.build_parsing_serving_input_receiver_fn({"x": tf.FixedLenFeature([3], tf.float32)})
exps = [estimator.FinalExporter("final", recv), estimator.LatestExporter("latest", raw, exports_to_keep=1), estimator.BestExporter("best", pars)]
r, e = estimator.train_and_evaluate(est, estimator.TrainSpec(data, max_steps=9), estimator.EvalSpec(lambda: data(1), steps=None, exporters=exps, throttle_secs=0))
print(sorted(r), "%.5f %.4f %d" % (r["loss"], r["accuracy"], r["global_step"]))
print([type(x).__name__ if x is not None else None for x in e])
for n in ("final", "latest", "best"):
    print(n, dirs(os.path.join(d, "export", n)))
print(estimator.train_and_evaluate(est, estimator.TrainSpec(data, max_steps=9), estimator.EvalSpec(lambda: data(1), steps=None)))
print(sorted(n for n in os.listdir(d) if n.startswith("model") and n.endswith(".index")), est.latest_checkpoint().endswith("model.ckpt-9"))

for fn in (recv, raw, pars):
    p = est.export_savedmodel(tempfile.mkdtemp(), fn)
    print(type(p).__name__)
    with tf.Graph().as_default(), tf.Session() as s:
        m = tf.saved_model.loader.load(s, ["serve"], p)
        for k in sorted(m.signature_def):
            sd = m.signature_def[k]
            print(k, sd.method_name, sorted(sd.inputs), sorted((a, b.name) for a, b in sd.outputs.items()))
        if fn is raw:
            sd = m.signature_def["serving_default"]
            print(np.round(s.run(sd.outputs["p"].name, {sd.inputs["x"].name: X[:2]}), 5).tolist())
preds = list(est.predict(lambda: tf.data.Dataset.from_tensor_slices({"x": X[:3]}).batch(2), predict_keys="p"))
print([sorted(q) for q in preds], np.round(preds[2]["p"], 5).tolist())
batch = list(est.predict(lambda: tf.data.Dataset.from_tensor_slices({"x": X[:3]}).batch(2), yield_single_examples=False))
print([b["c"].tolist() for b in batch])
print(sorted(est.get_variable_names()), est.get_variable_value("fc/bias").round(5).tolist())

# warm start
w = estimator.Estimator(model_fn, tempfile.mkdtemp(), params={"rate": 0.1}, warm_start_from=d)
w.train(data, steps=1); print(w.get_variable_value("global_step"), w.get_variable_value("fc/bias").round(5).tolist())
w = estimator.Estimator(model_fn, tempfile.mkdtemp(), params={"rate": 0.1}, warm_start_from=estimator.WarmStartSettings(d, vars_to_warm_start=".*kernel"))
w.train(data, steps=1); print(w.get_variable_value("global_step"), w.get_variable_value("fc/bias").round(5).tolist())

# hooks and listeners
class H(tf.train.SessionRunHook):
    def __init__(self): self.n = []
    def begin(self): self.n.append("begin")
    def after_create_session(self, s, c): self.n.append("create")
    def before_run(self, c): return tf.train.SessionRunArgs(tf.train.get_global_step())
    def after_run(self, c, v): self.n.append(int(v.results))
    def end(self, s): self.n.append("end")
class L(tf.train.CheckpointSaverListener):
    n = []
    def begin(self): self.n.append("begin")
    def before_save(self, s, g): self.n.append(("before", int(g)))
    def after_save(self, s, g): self.n.append(("after", int(g)))
    def end(self, s, g): self.n.append(("end", int(g)))
h, ev = H(), H()
est2 = estimator.Estimator(model_fn, config=estimator.RunConfig(model_dir=tempfile.mkdtemp(), save_checkpoints_steps=2), params={"rate": .5})
est2.train(data, hooks=[h], steps=3, saving_listeners=[L()])
print(h.n, L.n)
est2.evaluate(lambda: data(1), steps=2, hooks=[ev], name="val"); print(ev.n, os.path.isdir(est2.eval_dir("val")))
est2.train(lambda: data(1)); print(est2.get_variable_value("global_step"))

# early stopping
est3 = estimator.Estimator(model_fn, config=estimator.RunConfig(model_dir=tempfile.mkdtemp(), save_checkpoints_steps=2), params={"rate": 5.})
hook = estimator.experimental.stop_if_no_decrease_hook(est3, "loss", 4, run_every_secs=None, run_every_steps=1)
r, _ = estimator.train_and_evaluate(est3, estimator.TrainSpec(data, max_steps=60, hooks=[hook]), estimator.EvalSpec(lambda: data(1), steps=None, throttle_secs=0))
print(r["global_step"])
hook = estimator.experimental.stop_if_lower_hook(est3, "loss", 100., run_every_secs=None, run_every_steps=1)
est3.train(data, hooks=[hook], steps=10); print(est3.get_variable_value("global_step"))


# an input function of arrays, and a model function with its params
part = functools.partial(model_fn, params={"rate": 0.5})
last = estimator.Estimator(part, tempfile.mkdtemp())
last.train(estimator.inputs.numpy_input_fn({"x": X}, Y, batch_size=8, num_epochs=1, shuffle=False))
print(last.get_variable_value("fc/bias").round(5).tolist())

"""TPUEstimator without a TPU: host_call, eval_metrics, scaffold_fn, batch sizes by mode, export."""
import tempfile

import numpy as np
import tensorflow as tf

tf.logging.set_verbosity(tf.logging.ERROR)
T = tf.contrib.tpu
X = np.arange(24, dtype=np.float32).reshape(12, 2) / 24
def model_fn(features, labels, mode, params):
    print(mode, sorted((k, params[k]) for k in params if k in ("batch_size", "use_tpu", "rate")))
    w = tf.get_variable("w", [2, 1], initializer=tf.constant_initializer(.5))
    out = tf.matmul(features["x"], w)
    if mode == tf.estimator.ModeKeys.PREDICT:
        return T.TPUEstimatorSpec(mode=mode, predictions={"out": out}, export_outputs={"o": tf.estimator.export.PredictOutput(out)})
    loss = tf.reduce_mean(tf.square(out - labels))
    def host(step, value):
        return tf.py_func(lambda s, v: (calls.append((int(s), round(float(v), 4))), np.int32(0))[1], [step, value], tf.int32)
    if mode == tf.estimator.ModeKeys.EVAL:
        def metric_fn(o, l): return {"mae": tf.metrics.mean_absolute_error(l, o)}
        return T.TPUEstimatorSpec(mode, loss=loss, eval_metrics=(metric_fn, {"o": out, "l": labels}))
    opt = tf.train.GradientDescentOptimizer(params["rate"])
    if params["use_tpu"]: opt = T.CrossShardOptimizer(opt)
    step = tf.train.get_global_step()
    return T.TPUEstimatorSpec(mode, loss=loss, train_op=opt.minimize(loss, global_step=step), host_call=(host, [step, loss]),
                              scaffold_fn=lambda: tf.train.Scaffold())


calls = []

def input_fn(params):
    y = X.sum(1, keepdims=True)
    return tf.data.Dataset.from_tensor_slices(({"x": X}, y)).repeat(params.get("rep", 1)).batch(params["batch_size"], drop_remainder=True)


d = tempfile.mkdtemp()
cfg = T.RunConfig(master="", model_dir=d, save_checkpoints_steps=2, session_config=tf.ConfigProto(allow_soft_placement=True, log_device_placement=False),
                  tpu_config=T.TPUConfig(iterations_per_loop="30s", num_shards=8, per_host_input_for_training=True))
print(cfg.tpu_config, cfg.cluster, cfg.model_dir == d, T.TPUConfig())
est = T.TPUEstimator(model_fn=model_fn, config=cfg, use_tpu=False, train_batch_size=4, eval_batch_size=6, predict_batch_size=5, params={"rate": 0.1})
est.train(input_fn, max_steps=3)
print(calls, est.get_variable_value("w").round(5).tolist())
r = est.evaluate(input_fn, steps=1)
print(sorted((k, round(float(v), 5)) for k, v in r.items()))
print([np.round(p["out"], 4).tolist() for p in est.predict(input_fn)][:3])
def recv():
    x = tf.placeholder(tf.float32, [None, 2], name="x_in")
    return tf.estimator.export.ServingInputReceiver({"x": x}, x)
est._export_to_tpu = False
p = est.export_savedmodel(tempfile.mkdtemp(), recv)
with tf.Graph().as_default(), tf.Session() as s:
    m = tf.saved_model.loader.load(s, ["serve"], p)
    for k in sorted(m.signature_def):
        sd = m.signature_def[k]; print(k, sd.method_name, [(a, b.name) for a, b in sd.inputs.items()], [(a, b.name) for a, b in sd.outputs.items()])
print(cfg.replace(tpu_config=T.TPUConfig(5)).tpu_config.iterations_per_loop, cfg.replace(save_summary_steps=7).tpu_config.num_shards)
print(isinstance(est, tf.estimator.Estimator), tf.estimator.tpu.TPUEstimator is T.TPUEstimator, hasattr(tf.contrib.cluster_resolver, "TPUClusterResolver"))

"""Programs of graphs, tables, sequences and curves."""

import numpy as np

from corpus import inputs as made
from corpus.entry import Entry
from corpus.stand_ins import LIBROSA, SEEDED_CARTPOLE

__all__ = ["OTHERS"]

WAVENET = {
    "filter_width": 2, "sample_rate": 16000, "dilations": [1, 2, 4], "residual_channels": 8, "dilation_channels": 8,
    "quantization_channels": 32, "skip_channels": 8, "use_biases": True, "scalar_input": False,
    "initial_filter_width": 32,
}  # fmt: skip

DRIVERS = ("ps_reg_01", "ps_reg_02", "ps_reg_03", "ps_car_12", "ps_car_13", "ps_car_14", "ps_car_15")

DCRNN = """
base_dir: out
log_level: INFO
data: {batch_size: 4, dataset_dir: made, test_batch_size: 4, val_batch_size: 4, graph_pkl_filename: adj.pkl}
model: {cl_decay_steps: 2000, filter_type: dual_random_walk, horizon: 12, input_dim: 2, l1_decay: 0,
        max_diffusion_step: 2, num_nodes: 6, num_rnn_layers: 2, output_dim: 1, rnn_units: 8, seq_len: 12,
        use_curriculum_learning: true}
train: {base_lr: 0.01, dropout: 0, epoch: 0, epochs: 1, epsilon: 0.001, global_step: 0, lr_decay_ratio: 0.1,
        max_grad_norm: 5, max_to_keep: 100, min_learning_rate: 0.000002, optimizer: adam, patience: 50, steps: [20],
        test_every_n_epochs: 10}
"""

OTHERS = (
    Entry("tkipf/gcn", "train.py", folder="gcn"),
    Entry("tkipf/gcn", "train.py --model=gcn_cheby", folder="gcn"),
    Entry("tkipf/gae", "train.py", folder="gae"),
    Entry("tkipf/gae", "train.py --model=gcn_vae", folder="gae"),
    Entry("PetarV-/GAT", "execute_cora.py", (made.folders("pre_trained/cora"),)),
    Entry("kang205/SASRec", "main.py --dataset=Video --train_dir=out --hidden_units=8", flags=("--python2",)),
    Entry("cbfinn/maml", "main.py --datasource=sinusoid --logdir=logs --norm=None --metatrain_iterations=10"),
    Entry("jsyoon0823/TimeGAN", "main_timegan.py --data_name stock --iteration 4 --metric_iteration 1"),
    Entry(
        "snowkylin/ntm",
        "copy_task.py",
        edits=(("copy_task.py", "'--max_seq_length', default=15", "'--max_seq_length', default=3"),),
    ),
    Entry("carpedm20/NTM-tensorflow", "main.py --task copy --is_train True --controller_dim 8 --max_length 3"),
    Entry(
        "ibab/tensorflow-wavenet",
        "train.py --data_dir=made --wavenet_params=made.json --sample_size=2000 --silence_threshold=0 --num_steps=4",
        (made.waves("made/{}.wav", 2), made.as_json("made.json", WAVENET), made.text("librosa/__init__.py", LIBROSA)),
    ),
    Entry(
        "hexiangnan/neural_factorization_machine",
        "NeuralFM.py --dataset frappe --hidden_factor 8 --layers [8] --epoch 1",
        (made.copy("data/frappe/frappe.validation.libfm", "data/frappe/frappe.train.libfm"),),
        flags=("--python2",),
    ),
    Entry(
        "ChenglongChen/tensorflow-DeepFM",
        "main.py",
        (
            made.table("data/train.csv", ("id", "target?", *DRIVERS), 300),
            made.table("data/test.csv", ("id", *DRIVERS), 60),
            made.folders("output", "fig"),
        ),
        folder="example",
    ),
    Entry(
        "VeritasYin/STGCN_IJCAI-18",
        "main.py --n_route 8 --batch_size 4 --epoch 1",
        (
            made.table("dataset/PeMSD7_W_8.csv", [str(i) for i in range(8)], 8, names=False),
            made.table("dataset/PeMSD7_V_8.csv", [str(i) for i in range(8)], 288 * 44, names=False),
            made.folders("output/models", "output/tensorboard"),
        ),
    ),
    Entry(
        "liyaguang/DCRNN",
        "dcrnn_train.py --config_filename=made.yaml --use_cpu_only=True",
        (
            made.pickled("adj.pkl", lambda rng: (list("abcdef"), {}, rng.uniform(size=(6, 6)).astype(np.float32))),
            *(made.arrays(f"made/{name}.npz", x=(24, 12, 6, 2), y=(24, 12, 6, 2)) for name in ("train", "val", "test")),
            made.text("made.yaml", DCRNN),
        ),
        edits=(("dcrnn_train.py", "yaml.load(f)", "yaml.safe_load(f)"),),
    ),
    Entry(
        "Yunbo426/predrnn-pp",
        "train.py --train_data_paths=made.npz --valid_data_paths=made.npz --num_hidden=4,4,4,4 --batch_size=2 "
        "--img_width=16",
        (made.frames("made.npz"),),
        edits=(
            ("train.py", "skimage.measure import compare_ssim", "skimage.metrics import structural_similarity"),
            ("train.py", "compare_ssim(pred", "structural_similarity(pred"),
        ),
    ),
    Entry(
        "maziarraissi/PINNs",
        "Burgers.py",
        (made.text("pyDOE.py", "import numpy\n\n\ndef lhs(n, samples):\n    return numpy.random.rand(samples, n)\n"),),
        edits=(("appendix/continuous_time_inference (Burgers)/Burgers.py", "N_f = 10000", "N_f = 100"),),
        folder="appendix/continuous_time_inference (Burgers)",
    ),
    Entry("deepmind/dnc", "train.py --num_training_iterations=4 --batch_size=2", flags=("--also", "sonnet")),
    Entry("shenweichen/DeepCTR", "run_classification_criteo.py", folder="examples"),
    Entry("shenweichen/DeepCTR", "run_din.py", folder="examples"),
    *(
        Entry("hunkim/DeepLearningZeroToAll", f"{name}.py", (made.digits("MNIST_data", train=6000, test=1000),))
        for name in ("lab-11-2-mnist_deep_cnn", "lab-12-4-rnn_long_char")
    ),
    *(
        Entry(
            "lazyprogrammer/machine_learning_examples",
            name,
            edits=((f"rl2/cartpole/{name}", "gym.make('CartPole-v0')", SEEDED_CARTPOLE),),
            folder="rl2/cartpole",
        )
        for name in ("dqn_tf.py", "pg_tf.py")
    ),
)

"""Programs that learn to act: reinforcement learning."""

from corpus import inputs as made
from corpus.entry import Entry
from corpus.stand_ins import ENVIRONMENTS, MPI, SEEDED_CARTPOLE

__all__ = ["AGENTS"]

BASELINES = "baselines.run --env=CartPole-v0 --num_timesteps=400"
SPINNING_UP_EDITS = (
    ("spinup/__init__.py", "from spinup.algos.pytorch", "# from spinup.algos.pytorch"),
    ("spinup/utils/logx.py", "import torch\n", "torch = None\n"),
)
MADE_ENVIRONMENTS = (made.text("made_envs.py", ENVIRONMENTS), made.text("mpi4py/__init__.py", MPI))

AGENTS = (
    *(
        Entry("openai/baselines", f"{BASELINES} --alg={name} --network=mlp {more}".strip(), flags=("-m",), steps=steps)
        for name, more, steps in (
            ("a2c", "--nsteps=5", 4),
            ("acktr", "--nsteps=5", 4),
            ("deepq", "--learning_starts=20", 30),  # each choice of an action stores the rate of exploration, too
            ("ppo2", "--nsteps=32", 4),
            ("trpo_mpi", "--timesteps_per_batch=64", 4),
        )  # fmt: skip
    ),
    Entry(
        "openai/baselines",
        "baselines.run --env=Pendulum-v0 --num_timesteps=400 --alg=ddpg --nb_epoch_cycles=1",
        flags=("-m",),
    ),
    Entry(
        "openai/baselines",
        "baselines.run --env=made_envs:PicturesNoFrameskip-v4 --env_type=atari --num_env=1 --num_timesteps=400 "
        "--alg=acer --buffer_size=200",
        (made.text("made_envs.py", ENVIRONMENTS),),
        flags=("-m",),
    ),
    Entry(
        "openai/baselines",
        "baselines.run --env=made_envs:Goal-v0 --num_timesteps=400 --alg=her",
        MADE_ENVIRONMENTS,
        flags=("-m",),
    ),
    Entry(
        "openai/baselines",
        "baselines.ppo1.run_mujoco --env=Pendulum-v0 --num_timesteps=400",
        MADE_ENVIRONMENTS,
        edits=(("baselines/ppo1/run_mujoco.py", "timesteps_per_actorbatch=2048", "timesteps_per_actorbatch=128"),),
        flags=("-m",),
    ),
    Entry(
        "openai/baselines",
        "baselines.gail.run_mujoco --env_id=made_envs:Point-v0 --expert_path=expert.npz --num_timesteps=400",
        (*MADE_ENVIRONMENTS, made.arrays("expert.npz", obs=(4, 20, 4), acs=(4, 20, 2), ep_rets=(4,))),
        edits=(("baselines/gail/run_mujoco.py", "timesteps_per_batch=1024", "timesteps_per_batch=64"),),
        flags=("-m",),
    ),
    *(
        Entry(
            "openai/spinningup",
            f"spinup/algos/tf1/{name}/{name}.py --env {environment} --hid 8 --epochs 1 {more}".strip(),
            (made.text("mpi4py/__init__.py", MPI),),
            SPINNING_UP_EDITS,
        )
        for name, environment, more in (
            ("vpg", "CartPole-v0", "--cpu 1 --steps 100"),
            ("ppo", "CartPole-v0", "--cpu 1 --steps 100"),
            ("trpo", "CartPole-v0", "--cpu 1 --steps 100"),
            ("ddpg", "Pendulum-v0", ""),
            ("td3", "Pendulum-v0", ""),
            ("sac", "Pendulum-v0", ""),
        )
    ),
    *(
        Entry(
            "MorvanZhou/Reinforcement-learning-with-tensorflow",
            name,
            edits=((f"contents/{folder}/{name}", "env.render()", "pass"),) if name == "simply_PPO.py" else (),
            folder=f"contents/{folder}",
        )
        for folder, name in (
            ("7_Policy_gradient_softmax", "run_CartPole.py"),
            ("8_Actor_Critic_Advantage", "AC_CartPole.py"),
            ("9_Deep_Deterministic_Policy_Gradient_DDPG", "DDPG.py"),
            ("12_Proximal_Policy_Optimization", "simply_PPO.py"),
        )
    ),
    *(
        Entry(
            "awjuliani/DeepRL-Agents",
            f"{name}.ipynb",
            edits=((f"{name}.ipynb", "gym.make('CartPole-v0')", SEEDED_CARTPOLE),),
        )
        for name in ("Vanilla-Policy", "Policy-Network")
    ),
    *(
        Entry("dennybritz/reinforcement-learning", f"'{name}.ipynb'", folder="PolicyGradient")
        for name in ("CliffWalk REINFORCE with Baseline Solution", "Continuous MountainCar Actor Critic Solution")
    ),
    Entry(
        "hill-a/stable-baselines",
        "stable_baselines.deepq.experiments.train_cartpole --max-timesteps 1200",
        edits=(
            (
                "stable_baselines/deepq/experiments/train_cartpole.py",
                "buffer_size=50000,",
                "buffer_size=50000, learning_starts=40,",
            ),
        ),
        flags=("-m",),
        steps=50,  # each choice of an action stores the rate of exploration, too
    ),
)

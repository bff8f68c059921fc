"""Programs that make pictures, or read them."""

import functools
import os

import numpy as np

from corpus import inputs as made
from corpus.entry import Entry
from corpus.stand_ins import NCHW

__all__ = ["PICTURES"]

# progressbar in a few lines.
PROGRESS = """
class ProgressBar:
    def __init__(self, maxval=None, widgets=None):
        pass

    def start(self):
        return self

    def update(self, value):
        pass

    def finish(self):
        pass


class Bar:
    def __init__(self, *args, **kwargs):
        pass


ETA = Percentage = Timer = Bar
"""


def alexnet(rng):
    """The weights of AlexNet's convolutions, made."""
    shapes = {
        "conv1": (11, 11, 3, 96),
        "conv2": (5, 5, 48, 256),
        "conv3": (3, 3, 256, 384),
        "conv4": (3, 3, 192, 384),
        "conv5": (3, 3, 192, 256),
    }
    return {
        name: [(rng.normal(size=shape) * 0.02).astype(np.float32), np.zeros(shape[-1], np.float32)]
        for name, shape in shapes.items()
    }


def clouds(rng):
    """Clouds of points, with labels."""
    return {
        "data": rng.uniform(-1, 1, (16, 2048, 3)).astype(np.float32),
        "label": rng.randint(40, size=(16, 1)).astype(np.uint8),
    }


RACE = "two optimizers in one `sess.run`: what the second loss sees of the first update is a race on 1.15.5, too"
DIGITS = (made.digits("data/mnist"),)
FEW_DIGITS = functools.partial(made.digits, train=6000, test=1000)
GAN_COLLECTION = ("GAN", "infoGAN", "WGAN_GP", "BEGAN")

PICTURES = (
    Entry(
        "carpedm20/DCGAN-tensorflow",
        "main.py --dataset=mnist --input_height=28 --output_height=28 --train --batch_size=8 --epoch=2",
        (made.digits("data/mnist", packed=False),),
    ),
    Entry(
        "affinelayer/pix2pix-tensorflow",
        "pix2pix.py --mode=train --output_dir=out --input_dir=pictures --max_epochs=2 --ngf=4 --ndf=4 "
        "--progress_freq=1",
        (made.pictures("pictures/{:03}.jpg", 6, 512, 256),),
    ),
    Entry(
        "vanhuyz/CycleGAN-TensorFlow",
        "train.py --X=x.tfrecords --Y=y.tfrecords --image_size=32 --ngf=4",
        (made.picture_records("x.tfrecords", 4, 32), made.picture_records("y.tfrecords", 5, 32)),
        edits=(("reader.py", "min_queue_examples=1000", "min_queue_examples=8"),),
    ),
    Entry(
        "tkarras/progressive_growing_of_gans",
        "train.py",
        (made.progressive_records("datasets/celebahq", "celebahq", 16), made.text("nchw_on_cpu.py", NCHW)),
        edits=(
            (
                "config.py",
                "sched.minibatch_base = 4; sched.minibatch_dict = {4: 128, ",
                "sched.minibatch_dict = {4: 8, ",
            ),
            ("config.py", "size='1080p'", "size='made'"),
            (
                "config.py",
                "#tf_config['gpu_options.allow_growth']          = False",
                "tf_config['allow_soft_placement'] = True #",
            ),
            ("networks.py", "import tensorflow as tf\n", "import tensorflow as tf\nimport nchw_on_cpu\n"),
            ("networks.py", "fmap_base           = 8192", "fmap_base           = 64"),
            ("train.py", "G_opt.apply_updates()", "G_opt.apply_updates(), tf.reduce_mean(G_loss)"),
            ("train.py", "D_opt.apply_updates()", "D_opt.apply_updates(), tf.reduce_mean(D_loss)"),
        ),
    ),
    Entry(
        "NVlabs/stylegan",
        "train.py",
        (made.progressive_records("datasets/ffhq", "ffhq", 16), made.text("nchw_on_cpu.py", NCHW)),
        edits=(
            (
                "train.py",
                "num_gpus = 8; sched.minibatch_base = 32; sched.minibatch_dict = {4: 512, 8: 256, 16: 128,",
                "num_gpus = 1; sched.minibatch_base = 8; sched.minibatch_dict = {8: 8, 16: 8,",
            ),
            ("train.py", "size='4k'", "size='made'"),
            ("train.py", "[metric_base.fid50k]", "[]"),
            ("train.py", "{'rnd.np_random_seed': 1000}", "{'rnd.np_random_seed': 1000, 'allow_soft_placement': True}"),
            ("training/networks_stylegan.py", "import tensorflow as tf\n", "import tensorflow as tf, nchw_on_cpu\n"),
            ("training/networks_stylegan.py", "= 8192,", "= 64,"),
            ("training/training_loop.py", "G_opt.apply_updates()", "G_opt.apply_updates(), tf.reduce_mean(G_loss)"),
            ("training/training_loop.py", "D_opt.apply_updates()", "D_opt.apply_updates(), tf.reduce_mean(D_loss)"),
        ),
    ),
    Entry(
        "anishathalye/neural-style",
        "neural_style.py --content content.jpg --styles style.jpg --output out.jpg --iterations 4 --network vgg.mat",
        (made.pictures("content.jpg", 1, 64), made.pictures("style.jpg", 1, 48), made.vgg_19("vgg.mat")),
    ),
    *(
        Entry("hwalsuklee/tensorflow-generative-model-collections", f"main.py --gan_type {kind} --epoch 1", DIGITS)
        for kind in GAN_COLLECTION
    ),
    Entry("hwalsuklee/tensorflow-mnist-VAE", "run_main.py --dim_z 2 --num_epochs 1", (made.digits("data"),)),
    Entry("AYLIEN/gan-intro", "gan.py --num-steps 4"),
    Entry("jonbruner/generative-adversarial-networks", "gan-script.py", (made.digits("MNIST_data"),), note=RACE),
    Entry("jonbruner/generative-adversarial-networks", "gan-script-fast.py", (made.digits("MNIST_data"),)),
    Entry("naturomics/CapsNet-Tensorflow", "main.py --batch_size=4", (made.digits("data/mnist", packed=False),)),
    Entry("ericjang/draw", "draw.py --data_dir=made", (made.digits("made/mnist"),)),
    Entry(
        "cysmith/neural-style-tf",
        "neural_style.py --content_img content.jpg --style_imgs style.jpg --max_size 64 --max_iterations 4 "
        "--model_weights vgg.mat --device /cpu:0 --verbose",
        (
            made.pictures("image_input/content.jpg", 1, 64),
            made.pictures("styles/style.jpg", 1, 48),
            made.vgg_19("vgg.mat", order=("name", "type", "weights")),
        ),
    ),
    Entry(
        "cysmith/neural-style-tf",
        "neural_style.py --content_img content.jpg --style_imgs style.jpg --max_size 64 --max_iterations 4 "
        "--model_weights vgg.mat --device /cpu:0 --verbose --optimizer adam",
        (
            made.pictures("image_input/content.jpg", 1, 64),
            made.pictures("styles/style.jpg", 1, 48),
            made.vgg_19("vgg.mat", order=("name", "type", "weights")),
        ),
    ),
    Entry(
        "lengstrom/fast-style-transfer",
        "style.py --style style.jpg --checkpoint-dir out --test style.jpg --test-dir out --train-path train "
        "--epochs 1 --batch-size 1 --vgg-path vgg.mat",
        (
            made.pictures("train/{:03}.jpg", 4, 256),
            made.pictures("style.jpg", 1, 64),
            made.vgg_19("vgg.mat", 16),
            made.text("moviepy/video/io/VideoFileClip.py", "VideoFileClip = None\n"),
            made.text("moviepy/video/io/ffmpeg_writer.py", ""),
            made.folders("out"),
        ),
    ),
    Entry(
        "taki0112/Self-Attention-GAN-Tensorflow",
        "main.py --dataset made --img_size 32 --batch_size 4 --iteration 4 --epoch 1",
        (made.pictures("dataset/made/{:03}.jpg", 16, 32),),
        edits=(("SAGAN.py", ".apply(prefetch_to_device(gpu_device, self.batch_size))", ""),),
    ),
    Entry(
        "taki0112/UGATIT",
        "main.py --dataset made --light True --img_size 64 --ch 8 --n_dis 4 --iteration 4 --epoch 1 "
        "--augment_flag False",
        (made.pictures("dataset/made/trainA/{:03}.jpg", 4, 64), made.pictures("dataset/made/trainB/{:03}.jpg", 4, 64)),
        edits=(("UGATIT.py", ".apply(prefetch_to_device(gpu_device, None))", ""),),
    ),
    Entry(
        "carpedm20/BEGAN-tensorflow",
        "main.py --dataset=made --use_gpu=False --batch_size=2 --conv_hidden_num=64 --input_scale_size=32",
        (made.pictures("data/made/{:03}.jpg", 16, 64),),
        edits=(("data_loader.py", "min_after_dequeue = 5000", "min_after_dequeue = 8"),),
    ),
    Entry(
        "tegg89/SRCNN-Tensorflow",
        "main.py --batch_size=8 --epoch=1",
        (made.pictures("Train/{:03}.bmp", 4, 96), made.folders("checkpoint")),
    ),
    *(
        Entry(
            "jiamings/wgan",
            f"wgan_v2.py --data mnist --model {kind}",
            (made.digits("data/mnist"), made.folders("logs/mnist")),
            edits=(
                ("mnist/__init__.py", "/data/mnist", "data/mnist"),
                ("wgan_v2.py", "            d_iters = 5", "            d_iters = 1"),
            ),
        )
        for kind in ("mlp", "dcgan")
    ),
    Entry(
        "openai/pixel-cnn",
        "train.py -i data -o out -g 1 -b 4 -u 4 -q 1 -n 8 -m 2",
        (made.cifar_10("data/cifar-10-python/cifar-10-batches-py"),),
    ),
    Entry(
        "YunYang1994/tensorflow-yolov3",
        "train.py",
        (
            made.pictures("made/{:03}.jpg", 4, 96),
            made.text("data/dataset/voc_train.txt", "".join(f"made/00{i}.jpg 8,8,60,70,{i}\n" for i in range(4))),
            made.text("data/dataset/voc_test.txt", "made/000.jpg 8,8,60,70,0\n"),
            made.folders("checkpoint"),
        ),
        edits=(
            ("core/config.py", "[320, 352, 384, 416, 448, 480, 512, 544, 576, 608]", "[96]"),
            ("core/config.py", "TRAIN.BATCH_SIZE            = 6", "TRAIN.BATCH_SIZE            = 1"),
        ),
    ),
    Entry(
        "kratzert/finetune_alexnet_with_tensorflow",
        "finetune.py",
        (
            made.pictures("made/{:03}.jpg", 8, 64),
            made.text("train.txt", "".join(f"made/00{i}.jpg {i % 2}\n" for i in range(8))),
            made.array("bvlc_alexnet.npy", alexnet),
            made.folders("tensorboard", "checkpoints"),
        ),
        edits=(
            ("alexnet.py", "encoding='bytes'", "encoding='bytes', allow_pickle=True"),
            ("finetune.py", "/path/to/", ""),
            ("finetune.py", "val.txt", "train.txt"),
            ("finetune.py", "/tmp/finetune_alexnet/", ""),
            ("finetune.py", "batch_size = 128", "batch_size = 4"),
        ),
    ),
    *(
        Entry(
            "wiseodd/generative-models",
            os.path.basename(path),
            (FEW_DIGITS("../../MNIST_data"),),
            folder=os.path.dirname(path),
        )
        for path in (
            "GAN/vanilla_gan/gan_tensorflow.py",
            "GAN/improved_wasserstein_gan/wgan_gp_tensorflow.py",
            "VAE/conditional_vae/cvae_tensorflow.py",
        )
    ),
    Entry("igul222/improved_wgan_training", "gan_toy.py", flags=("--python2",)),
    Entry(
        "igul222/improved_wgan_training",
        "gan_mnist.py",
        (made.digits_pickle("mnist.pkl.gz"),),
        edits=(("tflib/mnist.py", "/tmp/mnist.pkl.gz", "mnist.pkl.gz"), ("gan_mnist.py", "DIM = 64", "DIM = 8")),
        flags=("--python2",),
    ),
    Entry(
        "openai/InfoGAN",
        "launchers/run_mnist_exp.py",
        (made.digits("MNIST"), made.text("progressbar.py", PROGRESS)),
        flags=("--python2", "--also", "prettytensor"),
    ),
    Entry(
        "charlesq34/pointnet",
        "train.py --batch_size 4 --num_point 64",
        (
            made.hdf5("data/modelnet40_ply_hdf5_2048/train.h5", clouds),
            made.text("data/modelnet40_ply_hdf5_2048/train_files.txt", "data/modelnet40_ply_hdf5_2048/train.h5\n"),
            made.text("data/modelnet40_ply_hdf5_2048/test_files.txt", "data/modelnet40_ply_hdf5_2048/train.h5\n"),
        ),
    ),
    *(
        Entry("pkmital/tensorflow_tutorials", f"python/{name}.py", (FEW_DIGITS("MNIST_data"),))
        for name in ("09_convolutional_autoencoder", "10_residual_network")
    ),
    *(
        Entry("nlintz/TensorFlow-Tutorials", f"{name}.py", (FEW_DIGITS("MNIST_data"),))
        for name in ("07_lstm", "11_gan")
    ),
    *(
        Entry("aymericdamien/TensorFlow-Examples", f"examples/{name}.py", (FEW_DIGITS("data"),), edits=edits)
        for name, edits in (
            ("2_BasicModels/kmeans", ()),
            ("2_BasicModels/random_forest", ()),
            ("3_NeuralNetworks/neural_network", ()),
        )
    ),
    *(
        Entry("MorvanZhou/Tensorflow-Tutorial", f"tutorial-contents/{name}.py", (FEW_DIGITS("mnist"),))
        for name in ("402_RNN_classification", "406_conditional_GAN", "306_dataset")
    ),
    *(
        Entry("golbin/TensorFlow-Tutorials", f"'{name}.py'", (FEW_DIGITS("mnist/data"),))
        for name in ("07 - CNN/02 - tf.layers", "09 - GAN/02 - GAN2", "10 - RNN/03 - Seq2Seq")
    ),
)

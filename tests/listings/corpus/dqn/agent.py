import tensorflow as tf
import numpy as np
import random

from game import Game
from model import DQN

tf.app.flags.DEFINE_boolean("train", False, "train mode: the game is not shown")
FLAGS = tf.app.flags.FLAGS

# how many episodes, how often
MAX_EPISODE = 24
TARGET_UPDATE_INTERVAL = 20
TRAIN_INTERVAL = 2
OBSERVE = 20

NUM_ACTION = 3
SCREEN_WIDTH = 5
SCREEN_HEIGHT = 6


def train():
    sess = tf.Session()
    random.seed(1)
    rng = np.random.RandomState(1)

    game = Game(SCREEN_WIDTH, SCREEN_HEIGHT, rng)
    brain = DQN(sess, SCREEN_WIDTH, SCREEN_HEIGHT, NUM_ACTION)

    rewards = tf.placeholder(tf.float32, [None])
    tf.summary.scalar('avg.reward/ep.', tf.reduce_mean(rewards))

    saver = tf.train.Saver()
    sess.run(tf.global_variables_initializer())
    for v in tf.get_collection(tf.GraphKeys.TRAINABLE_VARIABLES, 'main'):
        print(v.name)
        sess.run(v.assign(rng.normal(0, 0.1, v.get_shape().as_list())))

    writer = tf.summary.FileWriter('logs', sess.graph)
    summary_merged = tf.summary.merge_all()

    brain.update_target_network()

    epsilon = 1.0
    time_step = 0
    total_reward_list = []

    for episode in range(MAX_EPISODE):
        terminal = False
        total_reward = 0

        state = game.reset()
        brain.init_state(state)

        while not terminal:
            if rng.rand() < epsilon:
                action = int(rng.randint(NUM_ACTION))
            else:
                action = brain.get_action()

            if episode > 5:
                epsilon -= 1 / 200.

            state, reward, terminal = game.step(action)
            total_reward += reward

            brain.remember(state, action, reward, terminal)

            if time_step > OBSERVE and time_step % TRAIN_INTERVAL == 0:
                cost = brain.train()

            if time_step % TARGET_UPDATE_INTERVAL == 0:
                brain.update_target_network()

            time_step += 1

        total_reward_list.append(total_reward)

        if episode % 6 == 5:
            summary = sess.run(summary_merged, feed_dict={rewards: total_reward_list})
            writer.add_summary(summary, time_step)
            print('episode: %d reward: %d cost: %.5f' % (episode + 1, sum(total_reward_list), cost))
            total_reward_list = []

    saver.save(sess, 'model/dqn.ckpt', global_step=time_step)


def replay():
    print('### REPLAY')
    sess = tf.Session()
    game = Game(SCREEN_WIDTH, SCREEN_HEIGHT, np.random.RandomState(2))
    brain = DQN(sess, SCREEN_WIDTH, SCREEN_HEIGHT, NUM_ACTION)
    saver = tf.train.Saver()
    ckpt = tf.train.get_checkpoint_state('model')
    saver.restore(sess, ckpt.model_checkpoint_path)
    brain.init_state(game.reset())
    print(sess.run(brain.Q, {brain.input_X: [brain.state]}).shape, ckpt.model_checkpoint_path)


def main(_):
    train()
    tf.reset_default_graph()
    replay()


if __name__ == '__main__':
    tf.app.run()

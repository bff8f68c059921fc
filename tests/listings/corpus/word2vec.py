# Skip-gram with noise contrastive estimation
import tensorflow as tf
import numpy as np
import collections

sentences = ["i like dog", "i like cat", "i like animal", "dog cat animal", "girl cat dog music",
             "dog eye like", "cat eye like", "i like apple", "girl i hate apple", "i hate book music",
             "like girl dog hate music", "cat dog like eye", "dog like cat", "music like dog"]

words = " ".join(sentences).split()
count = collections.Counter(words).most_common()
word_list = [w for w, _ in sorted(count, key=lambda p: (-p[1], p[0]))]
word_dict = {w: i for i, w in enumerate(word_list)}
word_index = [word_dict[word] for word in words]

skip_grams = []
for i in range(1, len(word_index) - 1):
    target = word_index[i]
    context = [word_index[i - 1], word_index[i + 1]]
    for w in context:
        skip_grams.append([target, w])


def random_batch(data, size):
    random_index = np.random.choice(range(len(data)), size, replace=False)
    return [data[i][0] for i in random_index], [[data[i][1]] for i in random_index]

training_epoch = 40
learning_rate = 0.1
batch_size = 20
embedding_size = 4
num_sampled = 6
voc_size = len(word_list)
np.random.seed(16)

inputs = tf.placeholder(tf.int32, shape=[batch_size])
# tf.nn.nce_loss wants [batch_size, 1]
labels = tf.placeholder(tf.int32, shape=[batch_size, 1])

embeddings = tf.Variable(np.random.uniform(-1.0, 1.0, [voc_size, embedding_size]), dtype=tf.float32)
selected_embed = tf.nn.embedding_lookup(embeddings, inputs)

nce_weights = tf.Variable(np.random.uniform(-1.0, 1.0, [voc_size, embedding_size]), dtype=tf.float32)
nce_biases = tf.Variable(tf.zeros([voc_size]))

# the same negatives in every run
sampled = tf.placeholder(tf.int64, [num_sampled])
expected = num_sampled / float(voc_size)
sampled_values = (sampled, tf.fill([batch_size, 1], expected), tf.fill([num_sampled], expected))

loss = tf.reduce_mean(
            tf.nn.nce_loss(nce_weights, nce_biases, labels, selected_embed, num_sampled, voc_size,
                           sampled_values=sampled_values))
soft = tf.reduce_mean(
            tf.nn.sampled_softmax_loss(weights=nce_weights, biases=nce_biases, labels=labels,
                                       inputs=selected_embed, num_sampled=num_sampled, num_classes=voc_size,
                                       sampled_values=sampled_values, remove_accidental_hits=True))

train_op = tf.train.AdamOptimizer(learning_rate).minimize(loss)

# cosine similarity
norm = tf.sqrt(tf.reduce_sum(tf.square(embeddings), 1, keep_dims=True))
normalized_embeddings = embeddings / norm
valid_embeddings = tf.nn.embedding_lookup(normalized_embeddings, tf.constant([0, 1]))
similarity = tf.matmul(valid_embeddings, normalized_embeddings, transpose_b=True)

with tf.Session() as sess:
    init = tf.global_variables_initializer()
    sess.run(init)

    for step in range(1, training_epoch + 1):
        batch_inputs, batch_labels = random_batch(skip_grams, batch_size)
        negatives = np.random.choice(voc_size, num_sampled, replace=False)

        feed = {inputs: batch_inputs, labels: batch_labels, sampled: negatives}
        soft_val = sess.run(soft, feed_dict=feed)
        _, loss_val = sess.run([train_op, loss], feed_dict=feed)

        if step % 10 == 0:
            print("loss at step ", step, ": %.5f" % loss_val, "%.5f" % soft_val)

    sim = similarity.eval()
    for i in range(2):
        nearest = (-sim[i, :]).argsort()[1:4]
        print("Nearest to %s: %s" % (word_list[i], ", ".join(word_list[k] for k in nearest)))
    print(normalized_embeddings.eval()[:3])

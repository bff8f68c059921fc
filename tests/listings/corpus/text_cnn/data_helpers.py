import re
import numpy as np

GOOD = ["a fine and moving film", "great fun, I loved it", "the best story of the year",
        "a warm and funny film", "loved the moving story", "fun and great, a fine year"]
BAD = ["a dull and boring film", "I hated it, no fun", "the worst story of the year",
       "a cold and stupid film", "hated the boring story", "no story and no fun, dull"]


def clean_str(string):
    string = re.sub(r"[^A-Za-z,]", " ", string)
    string = re.sub(r",", " , ", string)
    return re.sub(r"\s{2,}", " ", string).strip().lower()


def load_data_and_labels():
    x_text = [clean_str(sent).split(" ") for sent in GOOD + BAD]
    y = np.concatenate([[[0, 1] for _ in GOOD], [[1, 0] for _ in BAD]], 0)
    length = max(len(x) for x in x_text)
    padded = [x + ["<PAD/>"] * (length - len(x)) for x in x_text]
    vocabulary = {w: i for i, w in enumerate(sorted(set(sum(padded, []))))}
    return np.array([[vocabulary[w] for w in s] for s in padded]), y, vocabulary


def batch_iter(data, batch_size, num_epochs, rng):
    """
    Generates a batch iterator for a dataset.
    """
    data = np.array(data, dtype=object)
    data_size = len(data)
    num_batches_per_epoch = int((len(data)-1)/batch_size) + 1
    for epoch in range(num_epochs):
        shuffled_data = data[rng.permutation(np.arange(data_size))]
        for batch_num in range(num_batches_per_epoch):
            start_index = batch_num * batch_size
            end_index = min((batch_num + 1) * batch_size, data_size)
            yield shuffled_data[start_index:end_index]

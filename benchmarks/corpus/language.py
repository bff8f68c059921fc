"""Programs that read or write language."""

import numpy as np

from corpus import inputs as made
from corpus.entry import Entry

__all__ = ["LANGUAGE"]

SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
BERT = {
    "attention_probs_dropout_prob": 0.1, "hidden_act": "gelu", "hidden_dropout_prob": 0.1, "hidden_size": 16,
    "initializer_range": 0.02, "intermediate_size": 32, "max_position_embeddings": 64, "num_attention_heads": 2,
    "num_hidden_layers": 2, "type_vocab_size": 2, "vocab_size": len(SPECIAL + made.WORDS),
}  # fmt: skip
SQUAD = {
    "version": "1.1",
    "data": [
        {
            "title": "cats",
            "paragraphs": [
                {
                    "context": "the cat sat on a mat and saw one red bird",
                    "qas": [
                        {"id": f"{n}", "question": "one bird", "answers": [{"text": "red", "answer_start": 33}]}
                        for n in range(16)
                    ],
                }
            ],
        }
    ],
}
BERT_FILES = (made.text("vocab.txt", "\n".join(SPECIAL + made.WORDS) + "\n"), made.as_json("config.json", BERT))
BERT_FLAGS = "--vocab_file=vocab.txt --bert_config_file=config.json --output_dir=out --max_seq_length=24"
COLA = tuple(
    made.sentences(f"data/{name}.tsv", 32, template="gj04\t{label}\t\t{}") for name in ("train", "dev", "test")
)
CLASSIFIER = f"run_classifier.py --task_name=CoLA --do_train=true --do_eval=true --data_dir=data --train_batch_size=4 {BERT_FLAGS} --num_train_epochs=1"  # noqa: E501

PAIRS = (
    made.text("data/vocab.a", "\n".join(["<unk>", "<s>", "</s>", *made.WORDS]) + "\n"),
    made.text("data/vocab.b", "\n".join(["<unk>", "<s>", "</s>", *made.WORDS]) + "\n"),
    *(
        made.sentences(f"data/{name}.{side}", 40, words, seed=seed)
        for seed, name in enumerate(("train", "dev", "test"))
        for side, words in (("a", 6), ("b", 7))
    ),
)
NMT = (
    "nmt.nmt --src=a --tgt=b --vocab_prefix=data/vocab --train_prefix=data/train --dev_prefix=data/dev "
    "--test_prefix=data/test --out_dir=out --num_train_steps=4 --num_layers=2 --num_units=16 --batch_size=8 "
    "--steps_per_stats=1 --dropout=0"
)

ALBERT_FILES = (
    made.text("vocab.txt", "\n".join(SPECIAL + made.WORDS) + "\n"),
    made.as_json("config.json", {**BERT, "embedding_size": 8, "num_hidden_groups": 1, "inner_group_num": 1}),
    made.text("tensorflow_hub.py", ""),
    made.text("sentencepiece.py", ""),
)
ALBERT_COLA = tuple(
    made.sentences(f"data/CoLA/{name}.tsv", 32, template="gj04\t{label}\t\t{}") for name in ("train", "dev", "test")
)
UNSORTED = "`tf.nn.top_k(sorted=False)` gives the same numbers in another order, which TensorFlow leaves open"
GLOVE = "".join(f"{word} {' '.join(['0.01'] * 300)}\n" for word in ("$UNK$", "$NUM$", "the", "on", "of", "in"))

LANGUAGE = (
    Entry("google-research/bert", CLASSIFIER, (*BERT_FILES, *COLA)),
    Entry(
        "google-research/bert",
        "run_pretraining.py --input_file=records --output_dir=out --do_train=true --do_eval=true "
        "--bert_config_file=config.json --train_batch_size=4 --max_seq_length=24 --max_predictions_per_seq=4 "
        "--num_train_steps=4 --num_warmup_steps=1",
        (*BERT_FILES, made.sentences("text.txt", 60)),
        before=(
            "create_pretraining_data.py --input_file=text.txt --output_file=records --vocab_file=vocab.txt "
            "--max_seq_length=24 --max_predictions_per_seq=4 --random_seed=1",
        ),
    ),
    Entry(
        "google-research/bert",
        "run_squad.py --train_file=squad.json --predict_file=squad.json --do_train=true --do_predict=true "
        f"--train_batch_size=4 --num_train_epochs=1 --max_query_length=6 --doc_stride=8 {BERT_FLAGS}",
        (*BERT_FILES, made.as_json("squad.json", SQUAD)),
    ),
    Entry(
        "google-research/bert",
        "extract_features.py --input_file=text.txt --output_file=features --vocab_file=vocab.txt --layers=-1 "
        "--bert_config_file=config.json --init_checkpoint=out/model.ckpt-8 --max_seq_length=24",
        (*BERT_FILES, *COLA, made.sentences("text.txt", 3)),
        before=(CLASSIFIER,),
    ),
    Entry("tensorflow/nmt", f"{NMT} --attention=scaled_luong", PAIRS, flags=("-m",)),
    Entry(
        "tensorflow/nmt",
        f"{NMT} --encoder_type=bi --attention=normed_bahdanau --infer_mode=beam_search --beam_width=3",
        PAIRS,
        flags=("-m",),
    ),  # noqa: E501
    Entry(
        "tensorflow/nmt",
        f"{NMT} --attention=luong --attention_architecture=gnmt_v2 --unit_type=gru --residual",
        PAIRS,
        flags=("-m",),
    ),  # noqa: E501
    Entry("sherjilozair/char-rnn-tensorflow", "train.py --rnn_size=16 --batch_size=8"),
    Entry("sherjilozair/char-rnn-tensorflow", "train.py --rnn_size=16 --batch_size=8 --model=nas"),
    Entry("dennybritz/cnn-text-classification-tf", "train.py --embedding_dim=16 --num_filters=8"),
    Entry(
        "google-research/albert",
        "albert/run_classifier.py --task_name=CoLA --do_train=true --do_eval=true --data_dir=data "
        "--albert_config_file=config.json --spm_model_file= --vocab_file=vocab.txt --output_dir=out "
        "--max_seq_length=24 --train_batch_size=4 --train_step=4 --warmup_step=1 --cached_dir=cache",
        (*ALBERT_FILES, *ALBERT_COLA, made.folders("cache")),
        package="albert",
    ),
    Entry(
        "google-research/electra",
        "run_pretraining.py --data-dir data --model-name small --hparams "
        '\'{"num_train_steps": 4, "max_seq_length": 24, "train_batch_size": 4, "vocab_size": 27, "embedding_size": 8, '
        '"model_hparam_overrides": {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 4, '
        '"intermediate_size": 32}}\'',
        (made.text("data/vocab.txt", "\n".join(SPECIAL + made.WORDS) + "\n"), made.sentences("corpus/text.txt", 60)),
        before=(
            "build_pretraining_dataset.py --corpus-dir corpus --vocab-file data/vocab.txt --max-seq-length 24 "
            "--output-dir data/pretrain_tfrecords",
        ),
    ),
    Entry(
        "Kyubyong/transformer",
        "train.py --train1=train.a --train2=train.b --eval1=dev.a --eval2=dev.b --eval3=dev.b --vocab=vocab "
        "--vocab_size=26 --batch_size=8 --d_model=16 --d_ff=32 --num_blocks=1 --num_heads=2 --maxlen1=20 --maxlen2=20",
        (
            made.text("vocab", "\n".join(["<pad> 0", "<unk> 0", "<s> 0", "</s> 0", *(f"{w} 0" for w in made.WORDS)])),
            *(
                made.sentences(f"{name}.{side}", 32, words, seed=words)
                for name in ("train", "dev")
                for side, words in (("a", 6), ("b", 7))
            ),
        ),
    ),
    *(
        Entry(
            "dongjun-Lee/text-classification-models-tf",
            f"train.py --model={kind}",
            (made.sentences("dbpedia_csv/train.csv", 400, 12, "1{label},title {number},{}"),),
            edits=(
                ("data_utils.py", "import wget\n", ""),
                ("data_utils.py", "from nltk.tokenize import word_tokenize", "word_tokenize = str.split"),
                ("train.py", "BATCH_SIZE = 64", "BATCH_SIZE = 4"),
            ),
            note=UNSORTED if kind == "vd_cnn" else "",
        )
        for kind in ("word_cnn", "vd_cnn", "att_rnn")
    ),
    Entry(
        "guillaumegenthial/sequence_tagging",
        "train.py",
        (made.text("data/glove.6B/glove.6B.300d.txt", GLOVE),),
        before=("build_data.py",),
    ),
    Entry(
        "suriyadeepan/practical_seq2seq",
        "03-Twitter-chatbot.py",
        (
            made.pickled("datasets/twitter/metadata.pkl", lambda rng: {"idx2w": {i: str(i) for i in range(30)}}),
            made.array("datasets/twitter/idx_q.npy", lambda rng: rng.randint(30, size=(400, 6)).astype(np.int32)),
            made.array("datasets/twitter/idx_a.npy", lambda rng: rng.randint(30, size=(400, 6)).astype(np.int32)),
        ),
        edits=(("03-Twitter-chatbot.py", "emb_dim = 1024", "emb_dim = 16"),),
    ),
    Entry(
        "LantaoYu/SeqGAN",
        "sequence_gan.py",
        edits=(("sequence_gan.py", "generated_num = 10000", "generated_num = 64"),),
        flags=("--python2",),
    ),
)

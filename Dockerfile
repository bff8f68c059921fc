# legacy_gan in a container:
#   docker build -t legacy-gan .
#   docker run --rm -v "$PWD/out:/legacy_gan/out" legacy-gan python run_conditional.py --digit 5 --samples-dir out --run-dir out/run
# With a GPU (NVIDIA Container Toolkit), whose libraries come with TensorFlow's own packages:
#   docker build -t legacy-gan:gpu --build-arg "TENSORFLOW=tensorflow[and-cuda]==2.21.0" .
#   docker run --rm --gpus all -v "$PWD/out:/legacy_gan/out" legacy-gan:gpu python run_conditional.py --digit 5 --samples-dir out --run-dir out/run
FROM python:3.13-slim

ARG TENSORFLOW="tensorflow==2.21.0"
ENV HOME=/tmp MPLBACKEND=Agg

WORKDIR /legacy_gan
COPY . .
# Any user may write here: docker run --user "$(id -u)" leaves files that are yours.
# hadolint ignore=DL3013
RUN pip install --no-cache-dir "$TENSORFLOW" -e ".[offline,report]" \
    && chmod -R a+rwX .

CMD ["python", "run_basic.py"]

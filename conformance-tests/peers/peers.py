"""One peer in one process, and the turns of all of them; started by peers.sh.

A process prints a JSON object: seconds of a prefill, of a text token and of a guided step, as far as it has them.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import time

VOCABULARY, HIDDEN, HEADS, KEY_VALUE_HEADS, HEAD, FEED_FORWARD = 151936, 1536, 12, 2, 128, 8960
LAYERS = 28
PREFIX, SPAN, GRID = 100, 730, 27
WORK = ("prefill", "text_token", "guided_step")


def qwen2(layers):
    from transformers import Qwen2Config

    return Qwen2Config(
        vocab_size=VOCABULARY, hidden_size=HIDDEN, num_hidden_layers=layers, num_attention_heads=HEADS,
        num_key_value_heads=KEY_VALUE_HEADS, intermediate_size=FEED_FORWARD, rope_theta=1e6, rms_norm_eps=1e-6,
        tie_word_embeddings=True, max_position_embeddings=32768, bos_token_id=151643, eos_token_id=151645)


def write_gguf(path, layers):
    """Random blocks of Q4_0, with scales that keep activations finite; norms are 1."""
    import gguf
    import numpy

    random = numpy.random.default_rng(1)
    writer = gguf.GGUFWriter(path, "qwen2")
    writer.add_block_count(layers)
    writer.add_context_length(32768)
    writer.add_embedding_length(HIDDEN)
    writer.add_feed_forward_length(FEED_FORWARD)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(KEY_VALUE_HEADS)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_rope_freq_base(1e6)
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_Q4_0)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2")
    writer.add_token_list([f"t{i}" for i in range(VOCABULARY)])
    writer.add_token_types([gguf.TokenType.NORMAL] * VOCABULARY)
    writer.add_token_merges(["t 1"])
    writer.add_eos_token_id(151645)
    writer.add_bos_token_id(151643)

    def matrix(name, rows, columns):
        blocks = random.integers(0, 256, (rows, columns // 32, 18), dtype=numpy.uint8)
        scale = numpy.float16(0.2 / columns ** 0.5)
        blocks[:, :, :2] = numpy.frombuffer(scale.tobytes(), numpy.uint8)
        writer.add_tensor(name, blocks.reshape(rows, -1), raw_dtype=gguf.GGMLQuantizationType.Q4_0)

    def vector(name, size, value):
        writer.add_tensor(name, numpy.full(size, value, numpy.float32))

    keys = KEY_VALUE_HEADS * HEAD
    matrix("token_embd.weight", VOCABULARY, HIDDEN)
    for layer in range(layers):
        block = f"blk.{layer}."
        vector(block + "attn_norm.weight", HIDDEN, 1)
        vector(block + "ffn_norm.weight", HIDDEN, 1)
        for name, size in (("attn_q", HIDDEN), ("attn_k", keys), ("attn_v", keys)):
            matrix(block + name + ".weight", size, HIDDEN)
            vector(block + name + ".bias", size, 0)
        matrix(block + "attn_output.weight", HIDDEN, HIDDEN)
        matrix(block + "ffn_gate.weight", FEED_FORWARD, HIDDEN)
        matrix(block + "ffn_up.weight", FEED_FORWARD, HIDDEN)
        matrix(block + "ffn_down.weight", HIDDEN, FEED_FORWARD)
    vector("output_norm.weight", HIDDEN, 1)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def llama(options):
    import xllamacpp

    model = os.path.join(options.folder, f"qwen2-{options.layers}-q4_0.gguf")
    if not os.path.exists(model):
        write_gguf(model + ".part", options.layers)
        os.rename(model + ".part", model)
    params = xllamacpp.CommonParams()
    params.model.path = model
    params.n_ctx = options.prefill + options.tokens + 64
    params.n_parallel = 1
    params.cpuparams.n_threads = options.threads
    params.cpuparams_batch.n_threads = options.threads
    params.cache_prompt = False
    params.warmup = True
    server = xllamacpp.Server(params)
    ids = [(7919 * i + 11) % 150000 for i in range(options.prefill)]
    request = {"prompt": ids, "n_predict": options.tokens, "ignore_eos": True, "cache_prompt": False,
               "temperature": 0, "top_k": 1, "return_tokens": False}

    def complete():
        answer = server.handle_completions(request)
        return answer if isinstance(answer, dict) else json.loads(answer)

    complete()
    timings = complete()["timings"]
    assert timings["prompt_n"] == options.prefill and timings["predicted_n"] == options.tokens, timings
    # The first token comes from the prompt.
    return {"prefill": timings["prompt_ms"] / 1e3,
            "text_token": timings["predicted_ms"] / 1e3 / max(1, options.tokens - 1)}


def transformers(options):
    import torch
    from transformers import DynamicCache, Qwen2ForCausalLM

    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    with torch.device("meta"):
        model = Qwen2ForCausalLM(qwen2(options.layers))
    model = model.to_empty(device="cpu").eval()
    with torch.inference_mode():
        for parameter in model.parameters():
            parameter.normal_(0, 0.02) if parameter.dim() > 1 else parameter.fill_(1)
        model.tie_weights()
        # Buffers of a model from the meta device are empty.
        rotary = type(model.model.rotary_emb)(model.config)
        model.model.rotary_emb = rotary
        ids = torch.arange(options.prefill).mul(7919).add(11).remainder(150000)[None]

        def prefill():
            start = time.perf_counter()
            out = model(ids, past_key_values=DynamicCache(), use_cache=True, logits_to_keep=1)
            return time.perf_counter() - start, out

        prefill()
        seconds, out = prefill()
        token, cache = out.logits[:, -1].argmax(-1, keepdim=True), out.past_key_values
        start = time.perf_counter()
        for _ in range(options.tokens):
            out = model(token, past_key_values=cache, use_cache=True)
            token = out.logits[:, -1].argmax(-1, keepdim=True)
        text = (time.perf_counter() - start) / options.tokens
        # As the official code does: both branches as one batch, the whole sequence in each step.
        embeds = torch.randn(2, PREFIX + SPAN, HIDDEN)
        mask = torch.zeros(2, 1, PREFIX + SPAN, PREFIX + SPAN)
        mask[:, :, :PREFIX] = torch.full((PREFIX, PREFIX + SPAN), float("-inf")).triu(1)
        step = shortest(lambda: model.model(inputs_embeds=embeds, attention_mask=mask, use_cache=False))
    return {"prefill": seconds, "text_token": text, "guided_step": step}


def shortest(work):
    times = []
    for _ in range(2):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def genai(options):
    """Weights of 4 bits in blocks of 32, as the model builder makes them of a checkpoint."""
    import onnxruntime_genai as og

    folder = os.path.join(options.folder, f"genai-{options.layers}")
    if not os.path.exists(os.path.join(folder, "genai_config.json")):
        build_genai(options, folder)
    with open(os.path.join(folder, "genai_config.json"), encoding="utf-8") as file:
        config = json.load(file)
    config["model"]["decoder"]["session_options"]["intra_op_num_threads"] = options.threads
    with open(os.path.join(folder, "genai_config.json"), "w", encoding="utf-8") as file:
        json.dump(config, file)
    model = og.Model(folder)
    ids = [(7919 * i + 11) % 150000 for i in range(options.prefill)]

    def complete():
        params = og.GeneratorParams(model)
        params.set_search_options(max_length=options.prefill + options.tokens + 2, min_length=0, do_sample=False)
        generator = og.Generator(model, params)
        start = time.perf_counter()
        generator.append_tokens(ids)
        generator.generate_next_token()
        prefill = time.perf_counter() - start
        start = time.perf_counter()
        count = 0
        while count < options.tokens and not generator.is_done():
            generator.generate_next_token()
            count += 1
        return {"prefill": prefill, "text_token": (time.perf_counter() - start) / max(1, count)}

    complete()
    return complete()


def build_genai(options, folder):
    import torch
    from transformers import Qwen2ForCausalLM

    checkpoint = os.path.join(options.folder, f"qwen2-{options.layers}")
    torch.manual_seed(1)
    torch.set_default_dtype(torch.bfloat16)
    Qwen2ForCausalLM(qwen2(options.layers)).save_pretrained(checkpoint)
    write_tokenizer(checkpoint)
    subprocess.run([sys.executable, "-m", "onnxruntime_genai.models.builder", "-i", checkpoint, "-o", folder, "-p", "int4",
                    "-e", "cpu", "-c", checkpoint, "--extra_options", "int4_block_size=32", "int4_accuracy_level=4"],
                   check=True, stdout=sys.stderr)
    shutil.rmtree(checkpoint)


def write_tokenizer(folder):
    """A tokenizer that nobody uses, since prompts are ids."""
    from tokenizers import Tokenizer, models
    from transformers import PreTrainedTokenizerFast

    words = {f"t{i}": i for i in range(VOCABULARY)}
    tokenizer = Tokenizer(models.BPE(vocab=words, merges=[]))
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token="t151645").save_pretrained(folder)


def wan(options):
    import torch
    from diffusers import WanTransformer3DModel

    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    model = WanTransformer3DModel(
        patch_size=(1, 2, 2), num_attention_heads=HEADS, attention_head_dim=HEAD, in_channels=16, out_channels=16,
        text_dim=4096, freq_dim=256, ffn_dim=FEED_FORWARD, num_layers=options.layers, cross_attn_norm=True).eval()
    latents = torch.randn(2, 16, 1, 2 * GRID, 2 * GRID)
    text = torch.randn(2, PREFIX, 4096)
    with torch.inference_mode():
        step = shortest(lambda: model(latents, torch.tensor([500, 500]), text, return_dict=False))
    return {"guided_step": step}


def showo2(options, bundle):
    command = ["java", "-jar", options.jar, "bench", "--bundle", bundle, "--rounds", "1", "--json", "--threads",
               str(options.threads), "--prefill", str(options.prefill), "--tokens", str(options.tokens), "--stages",
               "prefill,text_token,guided_step"]
    if options.backend:
        command += ["--backend", options.backend]
    out = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    result = json.loads(out)
    if result["subject"]["bytes"] <= 0:
        raise ValueError(out)
    options.machine = result["machine"]["processor"] + ", " + " ".join(result["machine"]["flags"])
    return {figure["stage"]: figure["best"] for figure in result["figures"]}


PEERS = {"llama": ("llama.cpp, Q4_0", llama), "transformers": ("transformers, fp32", transformers),
         "genai": ("onnxruntime-genai, int4", genai), "wan": ("Wan of diffusers, fp32", wan)}


def peer(options):
    print(json.dumps(PEERS[options.peer][1](options)))


def in_process(name, options):
    command = [sys.executable, os.path.abspath(__file__), "peer", name, "--folder", options.folder, "--layers",
               str(options.layers), "--threads", str(options.threads), "--prefill", str(options.prefill), "--tokens",
               str(options.tokens)]
    log = os.path.join(options.folder, name + ".log")
    with open(log, "w", encoding="utf-8") as errors:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=errors, text=True)
    if done.returncode != 0:
        with open(log, encoding="utf-8", errors="replace") as errors:
            print(f"{name} did not run: " + "".join(errors.readlines()[-3:]).strip(), file=sys.stderr)
        return None
    return json.loads(done.stdout.strip().splitlines()[-1])


def run(options):
    options.machine = ""
    turns = []
    for name in options.peers.split(","):
        if name == "showo2":
            turns += [(f"showo2, {os.path.basename(os.path.abspath(b))}", lambda b=b: showo2(options, b))
                      for b in options.bundle]
        elif name in PEERS:
            turns.append((PEERS[name][0], lambda name=name: in_process(name, options)))
        else:
            sys.exit(f"--peers: some of showo2, {', '.join(PEERS)} are needed, found {name}")
    times = {label: {} for label, _ in turns}
    failed = set()
    for number in range(options.rounds):
        for label, turn in turns:
            if label in failed:
                continue
            print(f"Round {number + 1} of {options.rounds}: {label}", file=sys.stderr)
            result = turn()
            if result is None:
                failed.add(label)
                continue
            for work, seconds in result.items():
                times[label].setdefault(work, []).append(seconds)
    page = table(options, times, failed)
    print(page)
    if options.out:
        with open(options.out, "w", encoding="utf-8") as file:
            file.write(page + "\n")


def table(options, times, failed):
    lines = [
        f"{options.machine}; threads {options.threads}, {options.layers} of {LAYERS} layers, rounds {options.rounds}, "
        + time.strftime("%Y-%m-%d") + ".", "",
        f"| | prefill of {options.prefill}, s | text token, ms | tokens/s | step of {SPAN} in two branches, s |",
        "|---|---:|---:|---:|---:|"]
    for label, work in times.items():
        if label in failed:
            lines.append(f"| {label} | did not run | | | |")
            continue
        cells = [label]
        for name, scale in (("prefill", 1), ("text_token", 1e3)):
            cells.append(cell(work.get(name), scale))
        text = work.get("text_token")
        cells.append(f"{1 / min(text):.2f}" if text else "")
        cells.append(cell(work.get("guided_step"), 1))
        lines.append("| " + " | ".join(cells) + " |")
    lines += ["", "Best, and the median in brackets."]
    if options.layers != LAYERS:
        lines.append(f"The layers of the backbone take {LAYERS / options.layers:g} times as long in the whole model; embedding "
                     "and language head are whole.")
    return "\n".join(lines)


def cell(seconds, scale):
    return f"{scale * min(seconds):.2f} ({scale * statistics.median(seconds):.2f})" if seconds else ""


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(required=True)
    for name, function in (("run", run), ("peer", peer)):
        command = commands.add_parser(name)
        command.set_defaults(function=function)
        command.add_argument("--folder", required=True)
        command.add_argument("--layers", type=int, default=LAYERS)
        command.add_argument("--threads", type=int, default=os.cpu_count())
        command.add_argument("--prefill", type=int, default=760)
        command.add_argument("--tokens", type=int, default=32)
        if name == "peer":
            command.add_argument("peer", choices=PEERS)
        else:
            command.add_argument("--bundle", action="append", default=[])
            command.add_argument("--jar", default="samples/target/showo2.jar")
            command.add_argument("--backend", default="onnx")
            command.add_argument("--rounds", type=int, default=3)
            command.add_argument("--peers", default="showo2,llama,transformers,genai,wan")
            command.add_argument("--out")
    options = parser.parse_args()
    options.function(options)


if __name__ == "__main__":
    main()

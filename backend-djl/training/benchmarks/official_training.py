"""Trains the official classes on the weights of a bundle, one step for each line "step" of standard input.

Arguments: the folder show-o2 of the official code, the bundle (fp32), threads, length of a row in tokens.
The protocol is in turns.py. The rows are those of a device in stage one, one of each kind:

  row 0  bos, prompt, boi, time and image tokens, eoi, eos, padding; flow loss on the image tokens; t = 0.3
  row 1  bos, boi, time and image tokens, eoi, caption, eos, padding; labels on all but span and padding; t = 1

Prompt and caption are the ids 100, 101, ..., as many as there is room for, at most 64 and 128. Data, then noise, are
torch.randn of both images under seed 1; x_t = t data + (1 - t) noise, target data - noise.
"""

import json
import os
import sys
import tempfile
import time
import warnings

OFFICIAL, BUNDLE, THREADS, LENGTH = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
sys.path.insert(0, OFFICIAL)
warnings.filterwarnings("ignore")
begin = time.time()

import numpy as np
import torch

torch.set_num_threads(THREADS)
RATE, NEXT_TOKEN, FLOW, MAX_NORM = 1e-4, 0.2, 1.0, 1.0
FROZEN = ("image_embedder_und", "und_trans", "showo", "position_embedding")

manifest = json.load(open(f"{BUNDLE}/showo2.json"))
sizes, special = manifest["architecture"], manifest["special_tokens"]
llm, semantic, head = sizes["backbone"], sizes["semantic"], sizes["flow_head"]


def weights():
    """The bundle's weights in memory of their own, as torch.load gives them."""
    all_weights = {}
    for part in ("text", "backbone", "fusion", "flow_head"):
        with open(f"{BUNDLE}/{part}.safetensors", "rb") as file:
            header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
            start = file.tell()
            for name, tensor in header.items():
                if name == "__metadata__":
                    continue
                assert tensor["dtype"] == "F32", f"{name} is {tensor['dtype']}; an fp32 bundle is needed"
                file.seek(start + tensor["data_offsets"][0])
                values = np.fromfile(file, np.float32, int(np.prod(tensor["shape"])))
                all_weights[name] = torch.from_numpy(values).view(tensor["shape"])
    return all_weights


def official_model():
    """The official class with the sizes of the bundle: it takes some from checkpoints, and others are constants."""
    from accelerate import init_empty_weights
    from models import modeling_siglip, modules
    from transformers.models.siglip.configuration_siglip import SiglipConfig

    side = round(semantic["positions"] ** 0.5)
    vision = dict(
        hidden_size=semantic["hidden_size"],
        intermediate_size=semantic["feed_forward_size"],
        num_hidden_layers=semantic["layers"] + 1,
        num_attention_heads=semantic["heads"],
        image_size=14 * side,
        patch_size=14,
    )
    text = dict(hidden_size=64, intermediate_size=64, num_hidden_layers=1, num_attention_heads=1)
    modeling_siglip.SiglipModel.from_pretrained = staticmethod(
        lambda path: modeling_siglip.SiglipModel(SiglipConfig(text_config=text, vision_config=vision))
    )
    constants = modules.DiffusionHeadConfig.__init__

    def init(self):
        constants(self)
        self.hidden_size = head["hidden_size"]
        self.intermediate_size = head["feed_forward_size"]
        self.num_attention_heads = head["heads"]
        self.num_key_value_heads = head["key_value_heads"]
        self.head_dim = head["head_size"]

    modules.DiffusionHeadConfig.__init__ = init
    from models.modeling_showo2_qwen2_5 import Showo2Qwen2_5

    with tempfile.TemporaryDirectory() as folder:
        config = dict(
            model_type="qwen2",
            architectures=["Qwen2ForCausalLM"],
            hidden_size=llm["hidden_size"],
            intermediate_size=llm["feed_forward_size"],
            num_hidden_layers=llm["layers"],
            max_window_layers=llm["layers"],
            num_attention_heads=llm["heads"],
            num_key_value_heads=llm["key_value_heads"],
            vocab_size=llm["vocabulary_size"],
            rms_norm_eps=llm["norm_epsilon"],
            rope_theta=llm["rope_theta"],
            tie_word_embeddings=llm["tied_embeddings"],
            max_position_embeddings=32768,
            hidden_act="silu",
            use_sliding_window=False,
        )
        json.dump(config, open(os.path.join(folder, "config.json"), "w"))
        with init_empty_weights(include_buffers=False):
            model = Showo2Qwen2_5(
                llm_vocab_size=llm["vocabulary_size"],
                llm_model_path=folder,
                load_from_showo=True,
                image_latent_dim=sizes["vae"]["latent_channels"],
                image_latent_height=sizes["image_grid"][0],
                image_latent_width=sizes["image_grid"][1],
                hidden_size=llm["hidden_size"],
                clip_latent_dim=semantic["hidden_size"],
                num_diffusion_layers=head["layers"],
                add_qk_norm=True,
            )
    missing, unexpected = model.load_state_dict(weights(), strict=False, assign=True)
    if llm["tied_embeddings"]:
        model.showo.lm_head.weight = model.showo.model.embed_tokens.weight
        missing = [name for name in missing if name != "showo.lm_head.weight"]
    assert not missing and not unexpected, (missing[:3], unexpected[:3])
    return model


def rows():
    tokens_of_image = sizes["image_grid"][0] * sizes["image_grid"][1]
    span = tokens_of_image + 1
    room = LENGTH - span - 4
    assert room > 0, f"rows of {LENGTH} tokens are too short for an image of {tokens_of_image}"
    prompt = list(range(100, 100 + min(64, room)))
    caption = list(range(100, 100 + min(128, room)))
    bos, eos, boi, eoi = special["bos"], special["eos"], special["boi"], special["eoi"]
    image = [special["image_pad"]] * span
    drawn = [bos] + prompt + [boi] + image + [eoi, eos]
    described = [bos, boi] + image + [eoi] + caption + [eos]
    tokens = torch.full((2, LENGTH), special["pad"])
    tokens[0, : len(drawn)] = torch.tensor(drawn)
    tokens[1, : len(described)] = torch.tensor(described)
    labels = torch.full((2, LENGTH), -100)
    labels[1, : len(described)] = tokens[1, : len(described)]
    labels[1, 2 : 2 + span] = -100
    positions = torch.tensor([[[len(prompt) + 2, span]], [[2, span]]])
    mask = torch.zeros(2, LENGTH, dtype=torch.long)
    mask[0, len(prompt) + 2 : len(prompt) + 2 + span] = 1
    return tokens, labels, positions, mask


model = official_model()
model.train()
for name, parameter in model.named_parameters():
    if any(part in name for part in FROZEN):
        parameter.requires_grad_(False)
optimizer = torch.optim.AdamW(model.parameters(), lr=RATE, betas=(0.9, 0.999), weight_decay=0.0, eps=1e-8)

from models import omni_attn_mask_naive

tokens, labels, positions, mask = rows()
height = sizes["image_grid"][0] * sizes["patch_size"]
width = sizes["image_grid"][1] * sizes["patch_size"]
torch.manual_seed(1)
data = torch.randn(2, sizes["vae"]["latent_channels"], height, width)
noise = torch.randn(2, sizes["vae"]["latent_channels"], height, width)
times = torch.tensor([0.3, 1.0])
latents = times.view(2, 1, 1, 1) * data + (1 - times.view(2, 1, 1, 1)) * noise
last = ()


def step():
    global last
    attention = omni_attn_mask_naive(2, LENGTH, positions, "cpu").to(torch.float32)
    _, next_token, flow = model(
        text_tokens=tokens,
        image_latents=latents,
        t=times,
        attention_mask=attention,
        text_masks=None,
        image_masks=mask.clone(),
        text_labels=labels,
        image_labels=data - noise,
        modality_positions=positions,
        output_hidden_states=True,
        max_seq_len=LENGTH,
        device="cpu",
    )
    (NEXT_TOKEN * next_token + FLOW * flow).backward()
    norm = torch.nn.utils.clip_grad_norm_(model.parameters(), MAX_NORM)
    optimizer.step()
    optimizer.zero_grad(set_to_none=True)
    last = (next_token.item(), flow.item(), norm.item())


def memory():
    status = open("/proc/self/status").read()
    return [int(status.split(field + ":")[1].split()[0]) * 1024 // 10**6 for field in ("VmHWM", "RssAnon")]


def show(name, *values):
    print(name, *values, flush=True)


show("open", round(1000 * (time.time() - begin), 1), round(1000 * time.process_time(), 1))
for line in sys.stdin:
    name = line.strip()
    if name == "step":
        wall, processor = time.time(), time.process_time()
        step()
        show(name, round(1000 * (time.time() - wall), 1), round(1000 * (time.process_time() - processor), 1))
    elif name == "losses":
        show(name, *("%.8g" % value for value in last))
    elif name == "memory":
        show(name, *memory())
    else:
        raise SystemExit(f"no measurement '{name}'")

"""Loads a Crypson model file into PyTorch, strictly, and writes it back: names, shapes and values must agree.

    python3 weights.py models/crypson.safetensors [OUT.safetensors]

Prints a checksum of each part's output for fixed inputs; with OUT, writes the state dicts as safetensors. PyTorch is
the only package needed: the safetensors format is read and written here.
"""
import hashlib
import json
import struct
import sys

import torch
from torch import nn


def read(path):
    with open(path, "rb") as f:
        (length,) = struct.unpack("<Q", f.read(8))
        header = json.loads(f.read(length))
        data = f.read()
    meta = header.pop("__metadata__")
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        tensors[name] = torch.frombuffer(bytearray(data[begin:end]), dtype=torch.float32).reshape(entry["shape"])
    return meta, tensors


def write(path, meta, tensors):
    header, data = {"__metadata__": meta}, b""
    for name, tensor in tensors.items():
        raw = tensor.detach().contiguous().numpy().tobytes()
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as f:
        f.write(struct.pack("<Q", len(text)) + text + data)


def generator(config, classes):
    layers, previous = [], config["noiseLength"]
    for i, channels in enumerate(config["channels"]):
        layers += [nn.ConvTranspose2d(previous, channels, 4, *((1, 0) if i == 0 else (2, 1)), bias=False), nn.BatchNorm2d(channels), nn.ReLU()]
        previous = channels
    module = nn.Module()
    module.label_emb = nn.Embedding(classes, config["noiseLength"])
    module.model = nn.Sequential(*layers, nn.ConvTranspose2d(previous, 1, 4, 2, 1, bias=False), nn.Tanh())
    module.run = lambda noise, y: module.model((module.label_emb(y) * noise)[:, :, None, None])
    return module


def decoder(hidden, latent=8):
    side = 32 >> len(hidden)
    layers, previous = [nn.Linear(latent, hidden[-1] * side * side), nn.ReLU(), nn.Unflatten(1, (hidden[-1], side, side))], hidden[-1]
    for channels in hidden[-2::-1] + [1]:
        layers += [nn.ConvTranspose2d(previous, channels, 3, 2, 1, 1), nn.BatchNorm2d(channels), nn.ReLU()]
        previous = channels
    return layers + [nn.Conv2d(1, 1, 3, 1, 1), nn.Sigmoid()]


def vae(hidden, latent=8):
    layers, previous = [], 1
    for channels in hidden:
        layers += [nn.Conv2d(previous, channels, 3, 2, 1), nn.BatchNorm2d(channels), nn.ReLU()]
        previous = channels
    width = previous * (32 >> len(hidden)) ** 2
    module = nn.Module()
    module.encode, module.decode = nn.Module(), nn.Module()
    module.encode.encoder = nn.Sequential(*layers)
    module.encode.fc_mu, module.encode.fc_log_var = nn.Linear(width, latent), nn.Linear(width, latent)
    module.decode.decoder = nn.Sequential(*decoder(hidden, latent))
    return module


def classifier(hidden, wide, classes):
    module = nn.Module()
    module.features = nn.Sequential(*decoder(hidden), nn.Flatten(), nn.Linear(1024, wide), nn.ReLU(), nn.Dropout(0.2), nn.Linear(wide, classes))
    return module


def main():
    meta, tensors = read(sys.argv[1])
    config, classes = json.loads(meta["config"]), len(meta["classes"])
    hidden = config["vae"]["hidden"]
    parts = {"generator": generator(config["cgan"], classes), "vae": vae(hidden), "classifier": classifier(hidden, config["classifier"]["wide"], classes)}
    out = {name: value for name, value in tensors.items() if name.startswith("time.")}
    for part, module in parts.items():
        state = {name[len(part) + 1:]: value for name, value in tensors.items() if name.startswith(part + ".")}
        missing, unexpected = module.load_state_dict(state, strict=False)
        missing = [name for name in missing if not name.endswith("num_batches_tracked")]
        if missing or unexpected:
            sys.exit(f"{part}: missing {missing}, unexpected {unexpected}")
        module.eval()
        out.update({f"{part}.{name}": value for name, value in module.state_dict().items() if not name.endswith("num_batches_tracked")})
        print(f"{part}: {len(state)} tensors loaded")
    with torch.no_grad():
        y = torch.arange(classes)
        noise = torch.sin(torch.arange(classes * config["cgan"]["noiseLength"], dtype=torch.float64)).float().reshape(classes, -1)
        images = parts["generator"].run(noise, y)
        low, high = images.amin((1, 2, 3), keepdim=True), images.amax((1, 2, 3), keepdim=True)
        mean = parts["vae"].encode.fc_mu(parts["vae"].encode.encoder((images - low) / (high - low)).flatten(1))
        logits = parts["classifier"].features(mean)
        for name, value in (("images", images), ("latents", mean), ("logits", logits)):
            print(f"{name}: sum {value.double().sum():.4f}, absolute sum {value.double().abs().sum():.4f}")
        print(f"letters read back: {(logits.argmax(1) == y).sum().item()} of {classes}")
    if len(sys.argv) > 2:
        write(sys.argv[2], meta, {name: out[name] for name in tensors})
        same = hashlib.sha256(b"".join(out[n].numpy().tobytes() for n in tensors)).digest() == hashlib.sha256(b"".join(tensors[n].numpy().tobytes() for n in tensors)).digest()
        print(f"written to {sys.argv[2]}, values {'unchanged' if same else 'CHANGED'}")


main()

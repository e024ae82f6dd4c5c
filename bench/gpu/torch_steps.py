#!/usr/bin/env python3
"""Times PyTorch on the training steps of Crypson's three models and on a matrix product.

    torch_steps.py [--out FILE] [--device cuda] [--minutes 3] [--batches 128,1024] [--seconds 0.5]

float32 throughout, with TF32 off and on. Modes: eager as most people write it; compile, torch.compile with
mode="reduce-overhead", which uses CUDA graphs; graph, the whole step of eager captured once in a CUDA graph. Batches
lie on the device already, unlike Crypson's, whose steps include loading. Each call is timed to its synchronisation;
memory is the most that tensors took (max_memory_allocated) and that PyTorch reserved. A mode that fails is a row with
an error, and so is one for which no time was left. Without PyTorch, or without a CUDA device for it, the exit code is 77.
"""
import argparse
import json
import platform
import statistics
import sys
import time

# What the process ends with when PyTorch, or a device for it, is not there.
NOT_AVAILABLE = 77

try:
    import torch
    import torch.nn as nn
    import torch.nn.functional as F
except ImportError as missing:
    print(f'torch_steps.py: {sys.executable} has no PyTorch ({missing})', file=sys.stderr)
    sys.exit(NOT_AVAILABLE)

CLASSES, NOISE, LATENT = 47, 64, 8


class Generator(nn.Module):
    def __init__(self):
        super().__init__()
        self.label_emb = nn.Embedding(CLASSES, NOISE)
        layers, previous = [], NOISE
        for i, channels in enumerate((512, 256, 128)):
            layers += [nn.ConvTranspose2d(previous, channels, 4, 1 if i == 0 else 2, 0 if i == 0 else 1, bias=False), nn.BatchNorm2d(channels), nn.ReLU()]
            previous = channels
        self.model = nn.Sequential(*layers, nn.ConvTranspose2d(previous, 1, 4, 2, 1, bias=False), nn.Tanh())

    def forward(self, noise, labels):
        return self.model((self.label_emb(labels) * noise)[:, :, None, None])


class Discriminator(nn.Module):
    def __init__(self):
        super().__init__()
        self.label_emb = nn.Embedding(CLASSES, 1024)
        layers, previous = [], 2048
        for width in (2048, 2048, 1024, 512):
            layers += [nn.Linear(previous, width), nn.LeakyReLU(0.2)]
            previous = width
        self.model = nn.Sequential(*layers, nn.Linear(previous, 1), nn.Sigmoid())

    def forward(self, images, labels):
        return self.model(torch.cat((self.label_emb(labels), images.flatten(1)), 1))


def decoder_layers():
    layers = [nn.Linear(LATENT, 1024), nn.ReLU(), nn.Unflatten(1, (256, 2, 2))]
    for previous, channels in ((256, 128), (128, 64), (64, 32), (32, 1)):
        layers += [nn.ConvTranspose2d(previous, channels, 3, 2, 1, 1), nn.BatchNorm2d(channels), nn.ReLU()]
    return [*layers, nn.Conv2d(1, 1, 3, 1, 1), nn.Sigmoid()]


class Vae(nn.Module):
    def __init__(self):
        super().__init__()
        layers = []
        for previous, channels in ((1, 32), (32, 64), (64, 128), (128, 256)):
            layers += [nn.Conv2d(previous, channels, 3, 2, 1), nn.BatchNorm2d(channels), nn.ReLU()]
        self.encoder = nn.Sequential(*layers, nn.Flatten())
        self.mean, self.log_variance = nn.Linear(1024, LATENT), nn.Linear(1024, LATENT)
        self.decoder = nn.Sequential(*decoder_layers())

    def forward(self, images, noise):
        hidden = self.encoder(images)
        mean, log_variance = self.mean(hidden), self.log_variance(hidden)
        return self.decoder(mean + torch.exp(0.5 * log_variance) * noise), mean, log_variance


class Classifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(*decoder_layers(), nn.Flatten())
        self.features.requires_grad_(False).eval()
        self.head = nn.Sequential(nn.Linear(1024, 512), nn.ReLU(), nn.Dropout(0.2), nn.Linear(512, CLASSES))

    def forward(self, latents):
        with torch.no_grad():
            features = self.features(latents)
        return self.head(features)


def adam(module, rate, betas, capturable, kind=torch.optim.Adam):
    parameters = [parameter for parameter in module.parameters() if parameter.requires_grad]
    return kind(parameters, lr=rate, betas=betas, **({'capturable': True} if capturable else {}))


class Cgan:
    """Discriminator on real and on drawn images, then generator through the discriminator, as Crypson's CganTask."""

    def __init__(self, batch, device, wrap, capturable):
        self.generator, self.discriminator = Generator().to(device), Discriminator().to(device)
        self.g_adam, self.d_adam = (adam(module, 2e-4, (0.5, 0.999), capturable) for module in (self.generator, self.discriminator))
        self.d_loss, self.g_loss = wrap(self.discriminator_loss), wrap(self.generator_loss)
        self.images = torch.rand(batch, 1, 32, 32, device=device) * 2 - 1
        self.labels = torch.randint(CLASSES, (batch,), device=device)
        self.ones, self.zeros = torch.ones(batch, 1, device=device), torch.zeros(batch, 1, device=device)
        self.batch, self.device = batch, device

    def discriminator_loss(self, noise):
        with torch.no_grad():
            drawn = self.generator(noise, self.labels)
        return (F.binary_cross_entropy(self.discriminator(self.images, self.labels), self.ones)
                + F.binary_cross_entropy(self.discriminator(drawn, self.labels), self.zeros))

    def generator_loss(self, noise):
        return F.binary_cross_entropy(self.discriminator(self.generator(noise, self.labels), self.labels), self.ones)

    def noise(self):
        return torch.randn(self.batch, NOISE, device=self.device)

    def step(self):
        self.d_adam.zero_grad(set_to_none=True)
        loss = self.d_loss(self.noise())
        loss.backward()
        self.d_adam.step()
        self.discriminator.requires_grad_(False)
        self.g_adam.zero_grad(set_to_none=True)
        loss = self.g_loss(self.noise())
        loss.backward()
        self.g_adam.step()
        self.discriminator.requires_grad_(True)
        return loss


class VaeStep:
    def __init__(self, batch, device, wrap, capturable):
        self.vae = Vae().to(device)
        self.adam, self.loss = adam(self.vae, 2e-4, (0.9, 0.999), capturable), wrap(self.vae_loss)
        self.images, self.batch, self.device = torch.rand(batch, 1, 32, 32, device=device), batch, device

    def vae_loss(self, noise):
        drawn, mean, log_variance = self.vae(self.images, noise)
        reconstruction = F.binary_cross_entropy(drawn, self.images, reduction='sum')
        divergence = -0.5 * torch.sum(1 + log_variance - mean.square() - log_variance.exp())
        return 0.3 * reconstruction + 0.7 * divergence

    def step(self):
        self.adam.zero_grad(set_to_none=True)
        loss = self.loss(torch.randn(self.batch, LATENT, device=self.device))
        loss.backward()
        self.adam.step()
        return loss


class ClassifierStep:
    def __init__(self, batch, device, wrap, capturable):
        self.classifier = Classifier().to(device)
        self.adam, self.loss = adam(self.classifier, 1e-3, (0.9, 0.999), capturable, torch.optim.AdamW), wrap(self.classifier_loss)
        self.latents, self.labels = torch.randn(batch, LATENT, device=device), torch.randint(CLASSES, (batch,), device=device)

    def classifier_loss(self):
        return F.cross_entropy(self.classifier(self.latents), self.labels)

    def step(self):
        self.adam.zero_grad(set_to_none=True)
        loss = self.loss()
        loss.backward()
        self.adam.step()
        return loss


class Product:
    def __init__(self, side, device, wrap, capturable):
        self.a, self.b = (torch.rand(side, side, device=device) * 2 - 1 for _ in range(2))

    def step(self):
        return self.a @ self.b


TASKS = {'cgan': Cgan, 'vae': VaeStep, 'classifier': ClassifierStep}


def synchronize(device):
    if device.type == 'cuda':
        torch.cuda.synchronize(device)


def captured(step):
    """A step as one CUDA graph: warmed up on another stream, as PyTorch's notes on CUDA graphs say."""
    stream = torch.cuda.Stream()
    stream.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(stream):
        for _ in range(3):
            step()
    torch.cuda.current_stream().wait_stream(stream)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        step()
    return graph.replay


def measure(create, size, device, mode, seconds):
    wrap = (lambda loss: torch.compile(loss, mode='reduce-overhead')) if mode == 'compile' else (lambda loss: loss)
    if device.type == 'cuda':
        torch.cuda.empty_cache()
        torch.cuda.reset_peak_memory_stats(device)
    torch.manual_seed(1)
    task = create(size, device, wrap, mode == 'graph')
    loss = task.step()
    if not torch.isfinite(loss).all():
        raise ArithmeticError('the loss is not finite')
    run = captured(task.step) if mode == 'graph' else task.step
    for _ in range(3):
        run()
    synchronize(device)
    times, start = [], time.perf_counter()
    while len(times) < 5 or (len(times) < 1000 and time.perf_counter() - start < seconds):
        before = time.perf_counter()
        run()
        synchronize(device)
        times.append(1e3 * (time.perf_counter() - before))
    row = {'ms': statistics.median(times), 'ms_min': min(times), 'samples': len(times)}
    if device.type == 'cuda':
        row['memory_bytes'] = torch.cuda.max_memory_allocated(device)
        row['reserved_bytes'] = torch.cuda.max_memory_reserved(device)
    return row


def rows(batches, device):
    """(name, create, size, mode, tf32), the most wanted first."""
    on_gpu = device.type == 'cuda'
    for mode in ('eager', 'graph', 'compile') if on_gpu else ('eager',):
        for tf32 in (False, True) if on_gpu else (False,):
            if mode == 'eager':
                yield 'gemm/4096x4096x4096', Product, 4096, mode, tf32
            for batch in batches:
                for name, create in TASKS.items():
                    yield f'{"step" if batch == 128 else f"step{batch}"}/{name}', create, batch, mode, tf32


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--out', default='-')
    parser.add_argument('--device', default='cuda')
    parser.add_argument('--minutes', type=float, default=3)
    parser.add_argument('--batches', default='128,1024')
    parser.add_argument('--seconds', type=float, default=0.5)
    arguments = parser.parse_args()
    if arguments.device.startswith('cuda') and not torch.cuda.is_available():
        print('torch_steps.py: PyTorch finds no CUDA device; --device cpu times the processor', file=sys.stderr)
        sys.exit(NOT_AVAILABLE)
    device, end = torch.device(arguments.device), time.perf_counter() + 60 * arguments.minutes
    result = {'torch': torch.__version__, 'cuda': torch.version.cuda, 'python': platform.python_version(),
              'device': torch.cuda.get_device_name(device) if device.type == 'cuda' else platform.processor() or 'cpu', 'results': []}
    for name, create, size, mode, tf32 in rows([int(batch) for batch in arguments.batches.split(',')], device):
        torch.backends.cuda.matmul.allow_tf32 = tf32
        torch.backends.cudnn.allow_tf32 = tf32
        row = {'name': name, 'mode': mode, 'tf32': tf32}
        print(f'{name} {mode}{" tf32" if tf32 else ""}', file=sys.stderr, flush=True)
        try:
            if time.perf_counter() > end:
                raise TimeoutError('no time left')
            row |= measure(create, size, device, mode, arguments.seconds)
        except Exception as error:  # a mode that this PyTorch cannot do is a result too
            row['error'] = f'{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ""}'
        result['results'].append(row)
        text = json.dumps(result, indent=1)
        if arguments.out != '-':
            with open(arguments.out, 'w', encoding='utf-8') as file:
                file.write(text + '\n')
    if arguments.out == '-':
        print(text)


if __name__ == '__main__':
    main()

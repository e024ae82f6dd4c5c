// With ILGPU this is `global using ILGPU; global using ILGPU.Runtime; global using ILGPU.Algorithms;`.
global using Crypson.Kernels;

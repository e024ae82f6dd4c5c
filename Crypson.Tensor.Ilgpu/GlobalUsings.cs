// The kernel files of Crypson.Tensor are compiled here a second time. Their `using Crypson.Kernels` finds nothing of the
// engine's, which has another root (`engine`), so ArrayView, Index1D, Grid and the like are ILGPU's.
extern alias engine;

global using engine::Crypson;
global using engine::Crypson.Cpu;
global using ILGPU;

// What ILGPU does not have, or has in another package, whether the kernels use it today or not.
#pragma warning disable IDE0005
global using KernelAttribute = engine::Crypson.Kernels.KernelAttribute;
global using KernelForAttribute = engine::Crypson.Kernels.KernelForAttribute;
global using KernelTargets = engine::Crypson.Kernels.KernelTargets;
global using Loop = engine::Crypson.Kernels.Loop;
global using XMath = engine::Crypson.Kernels.XMath;

// `using Crypson.Cpu` in a kernel file needs a namespace of that name.
namespace Crypson.Cpu;

using Crypson.Cli;

#if USE_ILGPU
Crypson.IlgpuDriver.Register();
#endif
return CommandLine.Run(args, Terminal.Open());

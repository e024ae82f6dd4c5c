using Crypson.Cli;

return CommandLine.Run(args, Terminal.Open());

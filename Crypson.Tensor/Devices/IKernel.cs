namespace Crypson;

/// <summary>
/// A piece of work that a device runs once per group. A kernel is a struct that holds its arguments, so that a
/// launch allocates nothing and the compiler sees the whole loop. Groups run in any order and must not write the
/// same element; what a group computes may depend on its index but never on the thread that runs it.
/// </summary>
public interface IKernel
{
    /// <summary>Runs group number <paramref name="group"/>.</summary>
    void Execute(int group);
}

namespace Crypson.Generator.Lowering;

/// <summary>Which memory a pointer points to: OpenCL has a type for each.</summary>
internal enum AddressSpace
{
    Private,
    Local,
    Global,
}

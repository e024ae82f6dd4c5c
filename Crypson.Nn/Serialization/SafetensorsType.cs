namespace Crypson.Nn;

/// <summary>Element types of a safetensors file; a member's name is its <c>dtype</c> in the file.</summary>
public enum SafetensorsType
{
    F32,
    F64,
    F16,
    BF16,
    I64,
    I32,
    I16,
    I8,
    U64,
    U32,
    U16,
    U8,
    BOOL,
}

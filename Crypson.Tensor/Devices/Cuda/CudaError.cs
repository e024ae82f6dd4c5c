using System.Runtime.InteropServices;

namespace Crypson;

/// <summary>Names for CUDA's error numbers, as the driver gives them.</summary>
internal static unsafe class CudaError
{
    public const int OutOfMemory = 2;
    public const int NotReady = 600;

    /// <summary>Throws, with name, number, words and call, unless the call succeeded.</summary>
    public static void Check(CudaApi api, int status, string call)
    {
        if (status == 0)
        {
            return;
        }

        var message = $"cuda: {Text(api.GetErrorName, status)} ({status}), {Text(api.GetErrorString, status)}, at {call}";
        throw status == OutOfMemory ? new OutOfMemoryException(message) : new DriverException(message);
    }

    private static string Text(delegate* unmanaged<int, byte**, int> query, int status)
    {
        byte* text = null;
        return query(status, &text) == 0 && text != null ? Marshal.PtrToStringUTF8((nint)text) ?? "" : "error";
    }
}

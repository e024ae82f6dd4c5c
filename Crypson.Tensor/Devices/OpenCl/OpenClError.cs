namespace Crypson;

/// <summary>Names for OpenCL's error numbers.</summary>
internal static class OpenClError
{
    public const int PlatformNotFound = -1001;

    private const int OutOfResources = -5;

    /// <summary>Throws, with number, name and call, unless the call succeeded.</summary>
    public static void Check(int status, string call)
    {
        if (status == 0)
        {
            return;
        }

        throw IsOutOfMemory(status) ? new OutOfMemoryException(Message(status, call)) : new DriverException(Message(status, call));
    }

    /// <summary>The same for a call that allocates: there, running out of resources is running out of memory.</summary>
    public static void CheckAllocation(int status, string call)
    {
        if (status == OutOfResources)
        {
            throw new OutOfMemoryException(Message(status, call));
        }

        Check(status, call);
    }

    public static string Message(int status, string call) => $"opencl: {Name(status)} ({status}), at {call}";

    /// <summary>
    /// The device's memory or the host's ran out, or the block is larger than the device allows. Resources are not in it: a
    /// launch runs out of registers, and drivers say so after an access outside of memory too.
    /// </summary>
    public static bool IsOutOfMemory(int status) => status is -4 or -6 or -61;

    private static string Name(int status) => status switch
    {
        -1 => "CL_DEVICE_NOT_FOUND",
        -2 => "CL_DEVICE_NOT_AVAILABLE",
        -3 => "CL_COMPILER_NOT_AVAILABLE",
        -4 => "CL_MEM_OBJECT_ALLOCATION_FAILURE",
        OutOfResources => "CL_OUT_OF_RESOURCES",
        -6 => "CL_OUT_OF_HOST_MEMORY",
        -11 => "CL_BUILD_PROGRAM_FAILURE",
        -14 => "CL_EXEC_STATUS_ERROR_FOR_EVENTS_IN_WAIT_LIST",
        -30 => "CL_INVALID_VALUE",
        -33 => "CL_INVALID_DEVICE",
        -34 => "CL_INVALID_CONTEXT",
        -36 => "CL_INVALID_COMMAND_QUEUE",
        -38 => "CL_INVALID_MEM_OBJECT",
        -42 => "CL_INVALID_BINARY",
        -43 => "CL_INVALID_BUILD_OPTIONS",
        -44 => "CL_INVALID_PROGRAM",
        -45 => "CL_INVALID_PROGRAM_EXECUTABLE",
        -46 => "CL_INVALID_KERNEL_NAME",
        -48 => "CL_INVALID_KERNEL",
        -49 => "CL_INVALID_ARG_INDEX",
        -50 => "CL_INVALID_ARG_VALUE",
        -51 => "CL_INVALID_ARG_SIZE",
        -52 => "CL_INVALID_KERNEL_ARGS",
        -53 => "CL_INVALID_WORK_DIMENSION",
        -54 => "CL_INVALID_WORK_GROUP_SIZE",
        -55 => "CL_INVALID_WORK_ITEM_SIZE",
        -58 => "CL_INVALID_EVENT",
        -61 => "CL_INVALID_BUFFER_SIZE",
        -63 => "CL_INVALID_GLOBAL_WORK_SIZE",
        PlatformNotFound => "CL_PLATFORM_NOT_FOUND_KHR",
        _ => "error",
    };
}

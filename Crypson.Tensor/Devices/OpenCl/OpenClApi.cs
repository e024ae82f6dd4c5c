namespace Crypson;

/// <summary>The functions of OpenCL 1.2 that the engine calls.</summary>
internal sealed unsafe class OpenClApi(NativeFunctions functions)
{
    public static readonly string[] Names =
    [
        "clGetPlatformIDs", "clGetPlatformInfo", "clGetDeviceIDs", "clGetDeviceInfo", "clCreateContext", "clCreateCommandQueue",
        "clCreateBuffer", "clReleaseMemObject", "clEnqueueReadBuffer", "clEnqueueWriteBuffer", "clCreateProgramWithSource",
        "clCreateProgramWithBinary", "clBuildProgram", "clGetProgramBuildInfo", "clGetProgramInfo", "clReleaseProgram",
        "clCreateKernel", "clSetKernelArg", "clEnqueueNDRangeKernel", "clFinish", "clFlush", "clGetEventInfo", "clReleaseEvent",
        "clGetKernelWorkGroupInfo", "clWaitForEvents",
    ];

    public readonly delegate* unmanaged<uint, nint*, uint*, int> GetPlatformIDs =
        (delegate* unmanaged<uint, nint*, uint*, int>)functions.Find("clGetPlatformIDs");

    public readonly delegate* unmanaged<nint, uint, nuint, void*, nuint*, int> GetPlatformInfo =
        (delegate* unmanaged<nint, uint, nuint, void*, nuint*, int>)functions.Find("clGetPlatformInfo");

    public readonly delegate* unmanaged<nint, ulong, uint, nint*, uint*, int> GetDeviceIDs =
        (delegate* unmanaged<nint, ulong, uint, nint*, uint*, int>)functions.Find("clGetDeviceIDs");

    public readonly delegate* unmanaged<nint, uint, nuint, void*, nuint*, int> GetDeviceInfo =
        (delegate* unmanaged<nint, uint, nuint, void*, nuint*, int>)functions.Find("clGetDeviceInfo");

    public readonly delegate* unmanaged<nint*, uint, nint*, nint, nint, int*, nint> CreateContext =
        (delegate* unmanaged<nint*, uint, nint*, nint, nint, int*, nint>)functions.Find("clCreateContext");

    public readonly delegate* unmanaged<nint, nint, ulong, int*, nint> CreateCommandQueue =
        (delegate* unmanaged<nint, nint, ulong, int*, nint>)functions.Find("clCreateCommandQueue");

    public readonly delegate* unmanaged<nint, ulong, nuint, void*, int*, nint> CreateBuffer =
        (delegate* unmanaged<nint, ulong, nuint, void*, int*, nint>)functions.Find("clCreateBuffer");

    public readonly delegate* unmanaged<nint, int> ReleaseMemObject = (delegate* unmanaged<nint, int>)functions.Find("clReleaseMemObject");

    public readonly delegate* unmanaged<nint, nint, uint, nuint, nuint, void*, uint, nint*, nint*, int> EnqueueReadBuffer =
        (delegate* unmanaged<nint, nint, uint, nuint, nuint, void*, uint, nint*, nint*, int>)functions.Find("clEnqueueReadBuffer");

    public readonly delegate* unmanaged<nint, nint, uint, nuint, nuint, void*, uint, nint*, nint*, int> EnqueueWriteBuffer =
        (delegate* unmanaged<nint, nint, uint, nuint, nuint, void*, uint, nint*, nint*, int>)functions.Find("clEnqueueWriteBuffer");

    public readonly delegate* unmanaged<nint, uint, byte**, nuint*, int*, nint> CreateProgramWithSource =
        (delegate* unmanaged<nint, uint, byte**, nuint*, int*, nint>)functions.Find("clCreateProgramWithSource");

    public readonly delegate* unmanaged<nint, uint, nint*, nuint*, byte**, int*, int*, nint> CreateProgramWithBinary =
        (delegate* unmanaged<nint, uint, nint*, nuint*, byte**, int*, int*, nint>)functions.Find("clCreateProgramWithBinary");

    public readonly delegate* unmanaged<nint, uint, nint*, byte*, nint, nint, int> BuildProgram =
        (delegate* unmanaged<nint, uint, nint*, byte*, nint, nint, int>)functions.Find("clBuildProgram");

    public readonly delegate* unmanaged<nint, nint, uint, nuint, void*, nuint*, int> GetProgramBuildInfo =
        (delegate* unmanaged<nint, nint, uint, nuint, void*, nuint*, int>)functions.Find("clGetProgramBuildInfo");

    public readonly delegate* unmanaged<nint, uint, nuint, void*, nuint*, int> GetProgramInfo =
        (delegate* unmanaged<nint, uint, nuint, void*, nuint*, int>)functions.Find("clGetProgramInfo");

    public readonly delegate* unmanaged<nint, int> ReleaseProgram = (delegate* unmanaged<nint, int>)functions.Find("clReleaseProgram");

    public readonly delegate* unmanaged<nint, byte*, int*, nint> CreateKernel =
        (delegate* unmanaged<nint, byte*, int*, nint>)functions.Find("clCreateKernel");

    public readonly delegate* unmanaged<nint, uint, nuint, void*, int> SetKernelArg =
        (delegate* unmanaged<nint, uint, nuint, void*, int>)functions.Find("clSetKernelArg");

    public readonly delegate* unmanaged<nint, nint, uint, nuint*, nuint*, nuint*, uint, nint*, nint*, int> EnqueueNDRangeKernel =
        (delegate* unmanaged<nint, nint, uint, nuint*, nuint*, nuint*, uint, nint*, nint*, int>)functions.Find("clEnqueueNDRangeKernel");

    public readonly delegate* unmanaged<nint, int> Finish = (delegate* unmanaged<nint, int>)functions.Find("clFinish");

    public readonly delegate* unmanaged<nint, int> Flush = (delegate* unmanaged<nint, int>)functions.Find("clFlush");

    public readonly delegate* unmanaged<nint, uint, nuint, void*, nuint*, int> GetEventInfo =
        (delegate* unmanaged<nint, uint, nuint, void*, nuint*, int>)functions.Find("clGetEventInfo");

    public readonly delegate* unmanaged<nint, int> ReleaseEvent = (delegate* unmanaged<nint, int>)functions.Find("clReleaseEvent");

    public readonly delegate* unmanaged<uint, nint*, int> WaitForEvents =
        (delegate* unmanaged<uint, nint*, int>)functions.Find("clWaitForEvents");

    public readonly delegate* unmanaged<nint, nint, uint, nuint, void*, nuint*, int> GetKernelWorkGroupInfo =
        (delegate* unmanaged<nint, nint, uint, nuint, void*, nuint*, int>)functions.Find("clGetKernelWorkGroupInfo");
}

#pragma OPENCL EXTENSION cl_khr_fp64 : enable
#pragma OPENCL FP_CONTRACT OFF

typedef struct
{
    float by;
    double scale;
    float Offset;
} Shifted;

static float Twice(float x)
{
    return 2.0f * x;
}

static float Value(float x)
{
    return Twice(x) - 1.0f;
}

static float Shifted_Weight(Shifted self, float x)
{
    return (self.by * x) + (float)self.scale;
}

static float Both(Shifted scalar, float x)
{
    return (Value(x) + Shifted_Weight(scalar, x)) + scalar.Offset;
}

__kernel void Apply_Shifted(int extent_x, Shifted scalar, __global float* x_buffer, long x_offset, long x_length, __global float* y_buffer, long y_offset, long y_length)
{
    __global float* x = x_buffer + x_offset;
    __global float* y = y_buffer + y_offset;
    int i = (int)get_global_id(0);
    if ((uint)i >= (uint)extent_x)
    {
        return;
    }
    y[i] = Both(scalar, x[i]);
}

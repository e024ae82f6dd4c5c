#pragma OPENCL FP_CONTRACT OFF

__kernel void Scale(int extent_x, __global float* x_buffer, long x_offset, long x_length, __global float* y_buffer, long y_offset, long y_length, float factor)
{
    __global float* x = x_buffer + x_offset;
    __global float* y = y_buffer + y_offset;
    int i = (int)get_global_id(0);
    if ((uint)i >= (uint)extent_x)
    {
        return;
    }
    y[i] = factor * x[i];
}

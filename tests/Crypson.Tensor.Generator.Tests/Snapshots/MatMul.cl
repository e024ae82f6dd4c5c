#pragma OPENCL FP_CONTRACT OFF

__kernel void MatMul(__global float* a_buffer, long a_offset, long a_length, __global float* b_buffer, long b_offset, long b_length, __global float* c_buffer, long c_offset, long c_length, int m, int n, int k)
{
    __global float* a = a_buffer + a_offset;
    __global float* b = b_buffer + b_offset;
    __global float* c = c_buffer + c_offset;
    __local float tileA[256] __attribute__((aligned(16)));
    __local float tileB[256] __attribute__((aligned(16)));
    int x;
    int y;
    x = (int)get_local_id(0);
    y = (int)get_local_id(1);
    int row = (int)(((uint)(int)get_group_id(1) * 16u) + (uint)y);
    int column = (int)(((uint)(int)get_group_id(0) * 16u) + (uint)x);
    float sum = 0.0f;
    for (int start = 0; start < k; start = (int)((uint)start + 16u))
    {
        tileA[(int)(((uint)y * 16u) + (uint)x)] = ((row < m) && ((int)((uint)start + (uint)x) < k)) ? a[(int)((((uint)row * (uint)k) + (uint)start) + (uint)x)] : 0.0f;
        tileB[(int)(((uint)y * 16u) + (uint)x)] = (((int)((uint)start + (uint)y) < k) && (column < n)) ? b[(int)((((uint)start + (uint)y) * (uint)n) + (uint)column)] : 0.0f;
        barrier(CLK_LOCAL_MEM_FENCE | CLK_GLOBAL_MEM_FENCE);
        #pragma unroll
        for (int i = 0; i < 16; i++)
        {
            sum = fma(tileA[(int)(((uint)y * 16u) + (uint)i)], tileB[(int)(((uint)i * 16u) + (uint)x)], sum);
        }
        barrier(CLK_LOCAL_MEM_FENCE | CLK_GLOBAL_MEM_FENCE);
    }
    if ((row < m) && (column < n))
    {
        c[(int)(((uint)row * (uint)n) + (uint)column)] = sum;
    }
}

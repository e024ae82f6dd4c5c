#pragma OPENCL FP_CONTRACT OFF

__kernel void GroupSums(__global float* x_buffer, long x_offset, long x_length, __global float* sums_buffer, long sums_offset, long sums_length, int count)
{
    __global float* x = x_buffer + x_offset;
    __global float* sums = sums_buffer + sums_offset;
    __local float partial[64] __attribute__((aligned(16)));
    int lane = (int)get_local_id(0);
    int position = (int)get_global_id(0);
    partial[lane] = (position < count) ? x[position] : 0.0f;
    barrier(CLK_LOCAL_MEM_FENCE | CLK_GLOBAL_MEM_FENCE);
    for (int step_ = (int)get_local_size(0) / 2; step_ > 0; step_ = step_ / 2)
    {
        if (lane < step_)
        {
            partial[lane] = partial[lane] + partial[(int)((uint)lane + (uint)step_)];
        }
        barrier(CLK_LOCAL_MEM_FENCE | CLK_GLOBAL_MEM_FENCE);
    }
    if (lane == 0)
    {
        sums[(int)get_group_id(0)] = partial[0];
    }
}

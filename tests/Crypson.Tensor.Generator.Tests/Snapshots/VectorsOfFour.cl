#pragma OPENCL FP_CONTRACT OFF

typedef struct
{
    float Weight;
    float4 Values;
} Four;

static float4 Scale(float4 value, float factor)
{
    return fma(value, (float4)(factor), (float4)(1.0f));
}

__kernel void VectorsOfFour(Four scale, __global float* x_buffer, long x_offset, long x_length, __global float4* whole_buffer, long whole_offset, long whole_length, __global float* y_buffer, long y_offset, long y_length)
{
    __global float* x = x_buffer + x_offset;
    __global float4* whole = whole_buffer + whole_offset;
    __global float* y = y_buffer + y_offset;
    __local float shared[36] __attribute__((aligned(16)));
    int i = (int)get_global_id(0);
    uchar bytes[3];
    float numbers[8] __attribute__((aligned(16)));
    float4 rows[2];
    bytes[2] = (uchar)i;
    __global float* result = y + (long)(int)((uint)i * 32u);
    long result_length = (32L);
    rows[0] = *(__global const float4*)(x + (int)((uint)(i / 4) * 4u));
    rows[1] = Scale(rows[0], x[i]);
    *(__global float4*)(result + 0) = rows[1];
    *(__local float4*)(shared + (int)(((uint)(int)get_local_id(0) * 4u) + 4u)) = rows[1];
    barrier(CLK_LOCAL_MEM_FENCE | CLK_GLOBAL_MEM_FENCE);
    *(__global float4*)(result + 4) = *(__local const float4*)(shared + (int)(((uint)((int)((uint)(int)get_local_id(0) + 1u) % 8) * 4u) + 4u));
    *(__global float4*)(result + 8) = (float4)(rows[1].w, (*(__global const float4*)(x + 4)).x + rows[1].y, -rows[0].z, (float)bytes[2]);
    Four t = {0};
    Four t_2 = t;
    t_2.Weight = scale.Weight;
    Four four = t_2;
    four.Values = (x[i] > 0.0f) ? rows[0] : (float4)(0.0f);
    *(__global float4*)(result + 12) = fma(four.Values, scale.Values, (float4)(four.Weight));
    *(float4*)(numbers + 0) = rows[0];
    *(float4*)(numbers + 4) = rows[1];
    int at = 0;
    float4 t_4 = *(const float4*)(numbers + at);
    int t_3 = (int)((uint)at + 4u);
    at = t_3;
    float4 t_6 = *(const float4*)(numbers + t_3);
    int t_5 = at;
    at = (int)((uint)t_5 + 1u);
    *(__global float4*)(result + (int)((4u * (uint)at) - 4u)) = fma(t_4, t_6, (float4)((float)t_5));
    numbers[5] = 7.0f;
    *(__global float4*)(result + 20) = *(const float4*)(numbers + 4);
    *(__global float4*)(result + 24) = whole[i];
    whole[i] = rows[1];
    float4 sum = (float4)(0.0f);
    for (int j = 0; j < 3; j++)
    {
        sum = fma(rows[j % 2], four.Values, sum);
    }
    *(__global float4*)(result + 28) = sum;
}

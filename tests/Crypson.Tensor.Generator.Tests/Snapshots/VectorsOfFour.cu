typedef struct
{
    float Weight;
    float4 Values;
} Four;

static __device__ __forceinline__ float4 cry_broadcast_float4(float a)
{
    return {a, a, a, a};
}

static __device__ __forceinline__ float4 cry_fma_float4(float4 a, float4 b, float4 c)
{
    return {fmaf(a.x, b.x, c.x), fmaf(a.y, b.y, c.y), fmaf(a.z, b.z, c.z), fmaf(a.w, b.w, c.w)};
}

static __device__ __forceinline__ float4 cry_create_float4(float x, float y, float z, float w)
{
    return {x, y, z, w};
}

static __device__ __forceinline__ float4 Scale(float4 value, float factor)
{
    return cry_fma_float4(value, cry_broadcast_float4(factor), cry_broadcast_float4(1.0f));
}

extern "C" __global__ void VectorsOfFour(Four scale, float* x, long long x_length, float4* whole, long long whole_length, float* y, long long y_length)
{
    __shared__ __align__(16) float shared[36];
    int i = (int)(blockIdx.x * blockDim.x + threadIdx.x);
    unsigned char bytes[3];
    __align__(16) float numbers[8];
    float4 rows[2];
    bytes[2] = (unsigned char)i;
    float* result = y + (long long)(int)((unsigned int)i * 32u);
    long long result_length = (32LL);
    rows[0] = *(const float4*)(x + (int)((unsigned int)(i / 4) * 4u));
    rows[1] = Scale(rows[0], x[i]);
    *(float4*)(result + 0) = rows[1];
    *(float4*)(shared + (int)(((unsigned int)(int)threadIdx.x * 4u) + 4u)) = rows[1];
    __syncthreads();
    *(float4*)(result + 4) = *(const float4*)(shared + (int)(((unsigned int)((int)((unsigned int)(int)threadIdx.x + 1u) % 8) * 4u) + 4u));
    *(float4*)(result + 8) = cry_create_float4(rows[1].w, (*(const float4*)(x + 4)).x + rows[1].y, -rows[0].z, (float)bytes[2]);
    Four t = {0};
    Four t_2 = t;
    t_2.Weight = scale.Weight;
    Four four = t_2;
    four.Values = (x[i] > 0.0f) ? rows[0] : cry_broadcast_float4(0.0f);
    *(float4*)(result + 12) = cry_fma_float4(four.Values, scale.Values, cry_broadcast_float4(four.Weight));
    *(float4*)(numbers + 0) = rows[0];
    *(float4*)(numbers + 4) = rows[1];
    int at = 0;
    float4 t_4 = *(const float4*)(numbers + at);
    int t_3 = (int)((unsigned int)at + 4u);
    at = t_3;
    float4 t_6 = *(const float4*)(numbers + t_3);
    int t_5 = at;
    at = (int)((unsigned int)t_5 + 1u);
    *(float4*)(result + (int)((4u * (unsigned int)at) - 4u)) = cry_fma_float4(t_4, t_6, cry_broadcast_float4((float)t_5));
    numbers[5] = 7.0f;
    *(float4*)(result + 20) = *(const float4*)(numbers + 4);
    *(float4*)(result + 24) = whole[i];
    whole[i] = rows[1];
    float4 sum = cry_broadcast_float4(0.0f);
    for (int j = 0; j < 3; j++)
    {
        sum = cry_fma_float4(rows[j % 2], four.Values, sum);
    }
    *(float4*)(result + 28) = sum;
}

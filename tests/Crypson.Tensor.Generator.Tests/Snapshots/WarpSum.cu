extern "C" __global__ void WarpSum(float* x, long long x_length, float* y, long long y_length)
{
    float sum = x[(int)(blockIdx.x * blockDim.x + threadIdx.x)];
    for (int step_ = 16; step_ > 0; step_ = step_ / 2)
    {
        float t_2 = sum;
        float t = __shfl_xor_sync(0xffffffffu, sum, step_);
        sum = t_2 + t;
    }
    float t_4 = (sum + (float)(((int)threadIdx.x + (int)blockDim.x * ((int)threadIdx.y + (int)blockDim.y * (int)threadIdx.z)) & 31)) + (float)(((int)threadIdx.x + (int)blockDim.x * ((int)threadIdx.y + (int)blockDim.y * (int)threadIdx.z)) / 32);
    float t_3 = __shfl_down_sync(0xffffffffu, sum, 1);
    float t_5 = __shfl_up_sync(0xffffffffu, sum, 1);
    int t_6 = __shfl_sync(0xffffffffu, (int)threadIdx.x, 3);
    y[(int)(blockIdx.x * blockDim.x + threadIdx.x)] = ((t_4 + (t_3 * 0.0f)) + (t_5 * 0.0f)) + (float)t_6;
}

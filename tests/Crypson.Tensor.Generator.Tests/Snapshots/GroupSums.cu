extern "C" __global__ void GroupSums(float* x, long long x_length, float* sums, long long sums_length, int count)
{
    __shared__ __align__(16) float partial[64];
    int lane = (int)threadIdx.x;
    int position = (int)(blockIdx.x * blockDim.x + threadIdx.x);
    partial[lane] = (position < count) ? x[position] : 0.0f;
    __syncthreads();
    for (int step_ = (int)blockDim.x / 2; step_ > 0; step_ = step_ / 2)
    {
        if (lane < step_)
        {
            partial[lane] = partial[lane] + partial[(int)((unsigned int)lane + (unsigned int)step_)];
        }
        __syncthreads();
    }
    if (lane == 0)
    {
        sums[(int)blockIdx.x] = partial[0];
    }
}

extern "C" __global__ void Scale(int extent_x, float* x, long long x_length, float* y, long long y_length, float factor)
{
    int i = (int)(blockIdx.x * blockDim.x + threadIdx.x);
    if ((unsigned int)i >= (unsigned int)extent_x)
    {
        return;
    }
    y[i] = factor * x[i];
}

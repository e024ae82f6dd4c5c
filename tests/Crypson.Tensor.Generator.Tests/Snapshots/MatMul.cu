extern "C" __global__ void MatMul(float* a, long long a_length, float* b, long long b_length, float* c, long long c_length, int m, int n, int k)
{
    __shared__ __align__(16) float tileA[256];
    __shared__ __align__(16) float tileB[256];
    int x;
    int y;
    x = (int)threadIdx.x;
    y = (int)threadIdx.y;
    int row = (int)(((unsigned int)(int)blockIdx.y * 16u) + (unsigned int)y);
    int column = (int)(((unsigned int)(int)blockIdx.x * 16u) + (unsigned int)x);
    float sum = 0.0f;
    for (int start = 0; start < k; start = (int)((unsigned int)start + 16u))
    {
        tileA[(int)(((unsigned int)y * 16u) + (unsigned int)x)] = ((row < m) && ((int)((unsigned int)start + (unsigned int)x) < k)) ? a[(int)((((unsigned int)row * (unsigned int)k) + (unsigned int)start) + (unsigned int)x)] : 0.0f;
        tileB[(int)(((unsigned int)y * 16u) + (unsigned int)x)] = (((int)((unsigned int)start + (unsigned int)y) < k) && (column < n)) ? b[(int)((((unsigned int)start + (unsigned int)y) * (unsigned int)n) + (unsigned int)column)] : 0.0f;
        __syncthreads();
        #pragma unroll
        for (int i = 0; i < 16; i++)
        {
            sum = fmaf(tileA[(int)(((unsigned int)y * 16u) + (unsigned int)i)], tileB[(int)(((unsigned int)i * 16u) + (unsigned int)x)], sum);
        }
        __syncthreads();
    }
    if ((row < m) && (column < n))
    {
        c[(int)(((unsigned int)row * (unsigned int)n) + (unsigned int)column)] = sum;
    }
}

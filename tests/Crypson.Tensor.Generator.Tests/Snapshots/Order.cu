static __device__ __forceinline__ int Note(int* log_, long long log__length, int row, int* position, int value)
{
    int t = (*position);
    (*position) = (int)((unsigned int)t + 1u);
    log_[(int)(((unsigned int)row * 16u) + (unsigned int)t)] = value;
    return value;
}

static __device__ __forceinline__ int Pick(int n, int* twice)
{
    (*twice) = (int)(2u * (unsigned int)n);
    return ((n % 2) == 0) ? (int)(0u - (unsigned int)n) : n;
}

extern "C" __global__ void Order(int extent_x, int* log_, long long log__length, int* y, long long y_length)
{
    int twice;
    int i = (int)(blockIdx.x * blockDim.x + threadIdx.x);
    if ((unsigned int)i >= (unsigned int)extent_x)
    {
        return;
    }
    int at = (int)((unsigned int)i * 10u);
    int n = i % 7;
    int t = n;
    n = (int)((unsigned int)t + 1u);
    int t_2 = n;
    n = (int)((unsigned int)t_2 + 1u);
    y[at] = (int)((((unsigned int)t * 100u) + ((unsigned int)t_2 * 10u)) + (unsigned int)n);
    int t_3 = n;
    n = 5;
    y[(int)((unsigned int)at + 1u)] = (int)(((unsigned int)t_3 + 5u) + (unsigned int)n);
    int p = 0;
    int t_4 = Note(log_, log__length, i, &p, 3);
    int t_5 = Note(log_, log__length, i, &p, 1);
    int t_6 = Note(log_, log__length, i, &p, 2);
    y[(int)((unsigned int)at + 2u)] = (int)((unsigned int)t_4 - ((unsigned int)t_5 * (unsigned int)t_6));
    unsigned char t_8 = n > 4;
    if (t_8)
    {
        int t_7 = Note(log_, log__length, i, &p, 4);
        t_8 = t_7 > 100;
    }
    unsigned char t_10 = t_8;
    if (!t_10)
    {
        int t_9 = Note(log_, log__length, i, &p, 5);
        t_10 = t_9 == 5;
    }
    int t_13;
    if (t_10)
    {
        int t_11 = Note(log_, log__length, i, &p, 6);
        t_13 = t_11;
    }
    else
    {
        int t_12 = Note(log_, log__length, i, &p, 7);
        t_13 = t_12;
    }
    y[(int)((unsigned int)at + 3u)] = t_13;
    int k = 2;
    int m = 3;
    int t_16 = k;
    int t_14 = k;
    k = (int)((unsigned int)t_14 + 1u);
    int t_15 = (int)((unsigned int)k + 1u);
    k = t_15;
    k = (int)((unsigned int)t_16 + ((unsigned int)t_14 + (unsigned int)t_15));
    y[(int)((unsigned int)at + 4u)] = k;
    int t_17 = m;
    m = (int)((unsigned int)t_17 - 1u);
    int t_18 = (int)((unsigned int)m - 1u);
    m = t_18;
    m = (int)((unsigned int)t_17 - (unsigned int)t_18);
    y[(int)((unsigned int)at + 5u)] = m;
    y[(int)((unsigned int)at + 6u)] = p;
    int t_19 = y[(int)((unsigned int)at + 7u)];
    y[(int)((unsigned int)at + 7u)] = 4;
    y[(int)((unsigned int)at + 7u)] = (int)((unsigned int)t_19 + (3u + 4u));
    int t_20 = m;
    int t_21 = k;
    k = t_20;
    m = t_21;
    y[(int)((unsigned int)at + 8u)] = (int)(((unsigned int)k * 1000u) + (unsigned int)m);
    int t_22 = Pick(n, &twice);
    y[(int)((unsigned int)at + 9u)] = (int)((unsigned int)t_22 + (unsigned int)twice);
}

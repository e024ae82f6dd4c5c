#pragma OPENCL FP_CONTRACT OFF

static int Note(__global int* log_, long log__length, int row, int* position, int value)
{
    int t = (*position);
    (*position) = (int)((uint)t + 1u);
    log_[(int)(((uint)row * 16u) + (uint)t)] = value;
    return value;
}

static int Pick(int n, int* twice)
{
    (*twice) = (int)(2u * (uint)n);
    return ((n % 2) == 0) ? (int)(0u - (uint)n) : n;
}

__kernel void Order(int extent_x, __global int* log__buffer, long log__offset, long log__length, __global int* y_buffer, long y_offset, long y_length)
{
    __global int* log_ = log__buffer + log__offset;
    __global int* y = y_buffer + y_offset;
    int twice;
    int i = (int)get_global_id(0);
    if ((uint)i >= (uint)extent_x)
    {
        return;
    }
    int at = (int)((uint)i * 10u);
    int n = i % 7;
    int t = n;
    n = (int)((uint)t + 1u);
    int t_2 = n;
    n = (int)((uint)t_2 + 1u);
    y[at] = (int)((((uint)t * 100u) + ((uint)t_2 * 10u)) + (uint)n);
    int t_3 = n;
    n = 5;
    y[(int)((uint)at + 1u)] = (int)(((uint)t_3 + 5u) + (uint)n);
    int p = 0;
    int t_4 = Note(log_, log__length, i, &p, 3);
    int t_5 = Note(log_, log__length, i, &p, 1);
    int t_6 = Note(log_, log__length, i, &p, 2);
    y[(int)((uint)at + 2u)] = (int)((uint)t_4 - ((uint)t_5 * (uint)t_6));
    uchar t_8 = n > 4;
    if (t_8)
    {
        int t_7 = Note(log_, log__length, i, &p, 4);
        t_8 = t_7 > 100;
    }
    uchar t_10 = t_8;
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
    y[(int)((uint)at + 3u)] = t_13;
    int k = 2;
    int m = 3;
    int t_16 = k;
    int t_14 = k;
    k = (int)((uint)t_14 + 1u);
    int t_15 = (int)((uint)k + 1u);
    k = t_15;
    k = (int)((uint)t_16 + ((uint)t_14 + (uint)t_15));
    y[(int)((uint)at + 4u)] = k;
    int t_17 = m;
    m = (int)((uint)t_17 - 1u);
    int t_18 = (int)((uint)m - 1u);
    m = t_18;
    m = (int)((uint)t_17 - (uint)t_18);
    y[(int)((uint)at + 5u)] = m;
    y[(int)((uint)at + 6u)] = p;
    int t_19 = y[(int)((uint)at + 7u)];
    y[(int)((uint)at + 7u)] = 4;
    y[(int)((uint)at + 7u)] = (int)((uint)t_19 + (3u + 4u));
    int t_20 = m;
    int t_21 = k;
    k = t_20;
    m = t_21;
    y[(int)((uint)at + 8u)] = (int)(((uint)k * 1000u) + (uint)m);
    int t_22 = Pick(n, &twice);
    y[(int)((uint)at + 9u)] = (int)((uint)t_22 + (uint)twice);
}

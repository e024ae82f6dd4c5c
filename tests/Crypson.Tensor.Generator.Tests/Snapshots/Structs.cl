#pragma OPENCL FP_CONTRACT OFF

typedef struct
{
    int First;
    float Second;
    uchar Flag;
    int Steps;
} Pair;

typedef struct
{
    int Item1;
    int Item2;
} Tuple;

static void Pair_Grow(Pair* self, int by)
{
    (*self).First = (int)((uint)(*self).First + (uint)by);
    int* p = &((*self).Steps);
    (*p) = (int)((uint)(*p) + 1u);
}

static void Pair_Grow_2(__global Pair* self, int by)
{
    (*self).First = (int)((uint)(*self).First + (uint)by);
    __global int* p = &((*self).Steps);
    (*p) = (int)((uint)(*p) + 1u);
}

static Pair Pair_new(int first, float second)
{
    Pair self = {0};
    self.First = first;
    self.Second = second;
    self.Steps = 3;
    return self;
}

static Pair Pair_op_Addition(Pair a, Pair b)
{
    Pair t = Pair_new((int)((uint)a.First + (uint)b.First), a.Second + b.Second);
    t.Flag = a.Flag || b.Flag;
    return t;
}

static float Pair_get_Sum(Pair self)
{
    return (float)self.First + self.Second;
}

static Tuple Split(int value)
{
    Tuple t;
    t.Item1 = value & 15;
    t.Item2 = (value >> 4);
    return t;
}

static void Swap(__global int* a, int* b)
{
    int t = (*b);
    int t_2 = (*a);
    (*a) = t;
    (*b) = t_2;
}

__kernel void Structs(int extent_x, __global Pair* pairs_buffer, long pairs_offset, long pairs_length, Pair extra, __global float* y_buffer, long y_offset, long y_length, uchar flag)
{
    __global Pair* pairs = pairs_buffer + pairs_offset;
    __global float* y = y_buffer + y_offset;
    int i = (int)get_global_id(0);
    if ((uint)i >= (uint)extent_x)
    {
        return;
    }
    Pair pair = pairs[i];
    Pair_Grow(&pair, i);
    Pair_Grow_2(&pairs[i], 100);
    Pair sum = Pair_op_Addition(pair, extra);
    Pair copy = sum;
    copy.First = -1;
    if (flag ^ sum.Flag)
    {
        sum.Second = sum.Second * 2.0f;
    }
    Pair t = sum;
    t.First = 4;
    Pair other = t;
    __global Pair* slot = &(pairs[i]);
    (*slot).Second = (*slot).Second + Pair_get_Sum(other);
    Tuple both = Split(sum.First);
    float t_3 = (((Pair_get_Sum(sum) + (float)copy.First) + (float)pair.Steps) + (float)both.Item1) + (float)(int)(10u * (uint)both.Item2);
    Pair t_2 = {0};
    y[i] = (t_3 + (float)t_2.Steps) + Pair_get_Sum(Pair_new(1, 2.0f));
    Swap(&pairs[i].First, &sum.First);
    pairs[i].Flag = sum.First > 5;
}

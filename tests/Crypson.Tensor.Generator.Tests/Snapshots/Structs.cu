typedef struct
{
    int First;
    float Second;
    unsigned char Flag;
    int Steps;
} Pair;

typedef struct
{
    int Item1;
    int Item2;
} Tuple;

static __device__ __forceinline__ void Pair_Grow(Pair* self, int by)
{
    (*self).First = (int)((unsigned int)(*self).First + (unsigned int)by);
    int* p = &((*self).Steps);
    (*p) = (int)((unsigned int)(*p) + 1u);
}

static __device__ __forceinline__ void Pair_Grow_2(Pair* self, int by)
{
    (*self).First = (int)((unsigned int)(*self).First + (unsigned int)by);
    int* p = &((*self).Steps);
    (*p) = (int)((unsigned int)(*p) + 1u);
}

static __device__ __forceinline__ Pair Pair_new(int first, float second)
{
    Pair self = {0};
    self.First = first;
    self.Second = second;
    self.Steps = 3;
    return self;
}

static __device__ __forceinline__ Pair Pair_op_Addition(Pair a, Pair b)
{
    Pair t = Pair_new((int)((unsigned int)a.First + (unsigned int)b.First), a.Second + b.Second);
    t.Flag = a.Flag || b.Flag;
    return t;
}

static __device__ __forceinline__ float Pair_get_Sum(Pair self)
{
    return (float)self.First + self.Second;
}

static __device__ __forceinline__ Tuple Split(int value)
{
    Tuple t;
    t.Item1 = value & 15;
    t.Item2 = (value >> 4);
    return t;
}

static __device__ __forceinline__ void Swap(int* a, int* b)
{
    int t = (*b);
    int t_2 = (*a);
    (*a) = t;
    (*b) = t_2;
}

extern "C" __global__ void Structs(int extent_x, Pair* pairs, long long pairs_length, Pair extra, float* y, long long y_length, unsigned char flag)
{
    int i = (int)(blockIdx.x * blockDim.x + threadIdx.x);
    if ((unsigned int)i >= (unsigned int)extent_x)
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
    Pair* slot = &(pairs[i]);
    (*slot).Second = (*slot).Second + Pair_get_Sum(other);
    Tuple both = Split(sum.First);
    float t_3 = (((Pair_get_Sum(sum) + (float)copy.First) + (float)pair.Steps) + (float)both.Item1) + (float)(int)(10u * (unsigned int)both.Item2);
    Pair t_2 = {0};
    y[i] = (t_3 + (float)t_2.Steps) + Pair_get_Sum(Pair_new(1, 2.0f));
    Swap(&pairs[i].First, &sum.First);
    pairs[i].Flag = sum.First > 5;
}

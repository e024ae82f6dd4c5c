typedef struct
{
    float by;
    double scale;
    float Offset;
} Shifted;

static __device__ __forceinline__ float Twice(float x)
{
    return 2.0f * x;
}

static __device__ __forceinline__ float Value(float x)
{
    return Twice(x) - 1.0f;
}

static __device__ __forceinline__ float Shifted_Weight(Shifted self, float x)
{
    return (self.by * x) + (float)self.scale;
}

static __device__ __forceinline__ float Both(Shifted scalar, float x)
{
    return (Value(x) + Shifted_Weight(scalar, x)) + scalar.Offset;
}

extern "C" __global__ void Apply_Shifted(int extent_x, Shifted scalar, float* x, long long x_length, float* y, long long y_length)
{
    int i = (int)(blockIdx.x * blockDim.x + threadIdx.x);
    if ((unsigned int)i >= (unsigned int)extent_x)
    {
        return;
    }
    y[i] = Both(scalar, x[i]);
}

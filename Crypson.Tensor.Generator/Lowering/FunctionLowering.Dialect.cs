using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Crypson.Generator.Lowering;

/// <summary>What the dialect and the mathematical functions become.</summary>
internal sealed partial class FunctionLowering
{
    private static readonly string[] AtomicNames = ["Add", "Min", "Max", "And", "Or", "Xor", "Exchange", "CompareExchange"];

    private Value DialectProperty(IPropertyReferenceOperation reference)
    {
        var property = reference.Property;
        var type = TypeOf(reference);
        switch (property.ContainingType.Name)
        {
            case "ArrayView" when property.IsIndexer:
                return Element(reference) with { IsPlace = false, IsStable = false, IsShared = false, Space = AddressSpace.Private };
            case "ArrayView" when property.Name is "Length" or "IntLength":
                var view = Lower(reference.Instance!);
                return property.Name == "Length"
                    ? new Value($"({target.Scalar(SpecialType.System_Int64)}){view.Length}", type, view.IsStable, true)
                    : new Value($"(int){view.Length}", type, view.IsStable, true);
            case "Index1D" when property.Name is "X" or "Size":
                return Lower(reference.Instance!) with { Type = type };
            case "Float32x4" when property.Name is "X" or "Y" or "Z" or "W":
                var vector = Lower(reference.Instance!);
                return new Value($"{vector.Operand}.{property.Name.ToLowerInvariant()}", type, vector.IsStable, true);
            case "Index2D" or "Index3D" when property.Name is "X" or "Y" or "Z":
                // Grid.GlobalIndex.X without the struct.
                if (reference.Instance is IPropertyReferenceOperation { Property: { IsStatic: true } inner } && inner.IsDialect())
                {
                    return new Value(Axis(inner, "XYZ".IndexOf(property.Name[0]), reference), type, true, true);
                }

                var index = Lower(reference.Instance!);
                return new Value($"{index.Operand}.{property.Name}", type, index.IsStable, true);
            case "Grid" or "Group" when property.Name is "Index" or "Dimension" or "GlobalIndex":
                return Fresh(type, string.Join(", ", Enumerable.Range(0, 3).Select(axis => Axis(property, axis, reference))), reference);
            case "Grid" or "Group" when property.Name is "LinearIndex":
                RequireGroupIndex(reference);
                return new Value(LinearIndex(), type, true, true);
            case "Grid" or "Group" when property.Name.Length == 4:
                return new Value(Axis(property, "XYZ".IndexOf(property.Name[3]), reference), type, true, true);
            case "Warp":
                RequireWarp(reference, property.Name);
                return new Value(property.Name switch
                {
                    "WarpSize" => "32",
                    "LaneIdx" => $"({LinearIndex()} & 31)",
                    _ => $"({LinearIndex()} / 32)",
                }, type, true, true);
            default:
                throw new LoweringException(Rules.Method, reference.Syntax, $"{property.ContainingType.Name}.{property.Name} does not exist in kernels", "see docs/kernel-dialect.md for what does");
        }
    }

    private string LinearIndex() =>
        $"({target.GroupIndex(0)} + {target.GroupDim(0)} * ({target.GroupIndex(1)} + {target.GroupDim(1)} * {target.GroupIndex(2)}))";

    private string Axis(IPropertySymbol property, int axis, IOperation at)
    {
        RequireGroupIndex(at);
        return (property.ContainingType.Name, property.Name.Substring(0, 3)) switch
        {
            ("Grid", "Glo") => target.Global(axis),
            ("Grid", "Idx" or "Ind") => target.GridIndex(axis),
            ("Grid", _) => target.GridDim(axis),
            (_, "Idx" or "Ind") => target.GroupIndex(axis),
            _ => target.GroupDim(axis),
        };
    }

    // Reading positions needs no barrier, but they mean nothing where the device chooses the groups.
    private void RequireGroupIndex(IOperation at)
    {
        if (IsExtentKernel)
        {
            throw new LoweringException(Rules.Barrier, at.Syntax, "Grid and Group are used, but the device chooses the groups of a kernel whose first parameter is an index",
                "use the index parameter, or leave it out and launch with a KernelConfig");
        }
    }

    private void RequireWarp(IOperation at, string member)
    {
        RequireGroup(at, $"Warp.{member}");
        if (target.Warp("Shuffle", []) is null)
        {
            throw new LoweringException(Rules.Target, at.Syntax, $"{target.Name} C 1.2 has no warps (Warp.{member})",
                "use shared memory, or mark a second version [Kernel(Targets = KernelTargets.Cuda)]");
        }
    }

    private bool Dialect(IInvocationOperation invocation, out Value? value)
    {
        var called = invocation.TargetMethod;
        value = null;
        switch (called.ContainingType.Name)
        {
            case "Group" when called.Name == "Barrier":
                RequireGroup(invocation, "Group.Barrier");
                HasEffects = true;
                Line(target.Barrier + ";");
                return true;
            case "MemoryFence":
                HasEffects = true;
                Line((called.Name == "GroupLevel" ? target.GroupFence : target.DeviceFence) + ";");
                return true;
            case "Loop":
                pragma = invocation.Arguments.Length == 0 ? "#pragma unroll"
                    : invocation.Arguments[0].Value.ConstantValue is { HasValue: true, Value: int times and > 0 } ? $"#pragma unroll {Text(times)}"
                    : throw new LoweringException(Rules.Unroll, invocation.Syntax, "how often to unroll is not a constant above 0", "use a const");
                return true;
            case "SharedMemory" or "LocalMemory":
                value = Read(Allocate(invocation, called.ContainingType.Name == "SharedMemory" ? "shared" : "own"), isStable: true);
                return true;
            case "Atomic":
                value = Atomic(invocation);
                return true;
            case "Warp":
                RequireWarp(invocation, called.Name);
                var arguments = InOrder(invocation.Arguments.Select(argument => argument.Value));
                if (arguments[0].Type.Number() is var shuffled && (!shuffled.IsScalar() || shuffled.Bytes() < 4))
                {
                    throw new LoweringException(Rules.Type, invocation.Syntax, $"lanes exchange {arguments[0].Type.ToDisplayString()}", "exchange int, uint, long, ulong, float or double");
                }

                HasEffects = true;
                value = Keep(new Value(target.Warp(called.Name, [.. arguments.Select(argument => argument.Text)])!, TypeOf(invocation)));
                return true;
            case "ArrayView" when called.Name == "SubView":
                value = SubView(invocation);
                return true;
            case "Float32x4" or "Float32x16":
                value = Vector(invocation);
                return true;
            case "XMath" or "IntrinsicMath":
                return false;
            default:
                throw new LoweringException(Rules.Method, invocation.Syntax, $"{called.ContainingType.Name}.{called.Name} does not exist in kernels", "see docs/kernel-dialect.md for what does");
        }
    }

    private Value SubView(IInvocationOperation invocation)
    {
        var values = InOrder([invocation.Instance!, .. invocation.Arguments.Select(argument => argument.Value)]);
        var (view, offset) = (values[0], values[1]);
        var length = values.Length > 2 ? values[2].Text : $"{view.Length} - {offset.Operand}";
        return new Value($"{view.Operand} + {offset.Operand}", TypeOf(invocation), values.All(value => value.IsStable))
        {
            Space = view.Space,
            Length = $"({length})",
        };
    }

    private Value? Vector(IInvocationOperation invocation)
    {
        var called = invocation.TargetMethod;
        var type = called.ContainingType;
        var name = TypeName(type, invocation);
        var operands = invocation.Arguments.OrderBy(argument => argument.Parameter!.Ordinal).Select(argument => argument.Value);
        var values = InOrder(invocation.Instance is { } receiver ? [receiver, .. operands] : operands);
        var isStable = values.All(value => value.IsStable);
        switch (called.Name)
        {
            case "Create" or "Broadcast" or "FusedMultiplyAdd":
                var function = program.Use(target.VectorFunction(called.Name == "FusedMultiplyAdd" ? "fma" : called.Name.ToLowerInvariant(), name));
                return new Value($"{function}({string.Join(", ", values.Select(value => value.Text))})", type, isStable, true);
            case "Load" when type.VectorCount() == 4:
                return new Value($"*({target.Space(values[0].Space)}const {name}*)({values[0].Operand} + {values[1].Operand})", type);
            case "Load":
                return new Value($"vload16(0, {values[0].Operand} + {values[1].Operand})", type, false, true);
            case "Store" when type.VectorCount() == 4:
                HasEffects = true;
                Line($"*({target.Space(values[1].Space)}{name}*)({values[1].Operand} + {values[2].Operand}) = {values[0].Text};");
                return null;
            case "Store":
                HasEffects = true;
                Line($"vstore16({values[0].Text}, 0, {values[1].Operand} + {values[2].Operand});");
                return null;
            default:
                throw new LoweringException(Rules.Method, invocation.Syntax, $"{type.Name}.{called.Name} does not exist in kernels", "see docs/kernel-dialect.md for what does");
        }
    }

    private Value Atomic(IInvocationOperation invocation)
    {
        var called = invocation.TargetMethod;
        var operands = new List<Func<Value>> { () => Place(invocation.Arguments[0].Value) };
        operands.AddRange(invocation.Arguments.Skip(1).Select<IArgumentOperation, Func<Value>>(argument => () => Lower(argument.Value)));
        var values = InOrder(operands);
        var place = values[0];
        var number = place.Type.Number();
        if (!AtomicNames.Contains(called.Name))
        {
            throw new LoweringException(Rules.Method, invocation.Syntax, $"Atomic.{called.Name} does not exist in kernels", $"use {string.Join(", ", AtomicNames)}");
        }

        if (place.Space == AddressSpace.Private)
        {
            throw new LoweringException(Rules.AddressSpace, invocation.Syntax, "the target of Atomic belongs to one work-item", "use an element of a view or of shared memory");
        }

        HasEffects = true;
        var name = target.Atomic(called.Name, number);
        var address = $"&{place.Text}";
        if (target is OpenClTarget)
        {
            if (number == SpecialType.System_Single && called.Name == "Add")
            {
                name = program.Use($"cry_atomic_add_float_{(place.Space == AddressSpace.Global ? "global" : "local")}");
            }
        }

        return Keep(new Value($"{name}({address}, {string.Join(", ", values.Skip(1).Select(value => value.Text))})", TypeOf(invocation)));
    }

    private Value MathCall(IInvocationOperation invocation)
    {
        var called = invocation.TargetMethod;
        var arguments = InOrder(invocation.Arguments.OrderBy(argument => argument.Parameter!.Ordinal).Select(argument => argument.Value));
        var type = TypeOf(invocation);
        var stable = arguments.All(argument => argument.IsStable);
        var list = string.Join(", ", arguments.Select(argument => argument.Text));
        var number = arguments.Length == 0 ? SpecialType.None : arguments[0].Type.Number();
        var isDouble = number == SpecialType.System_Double;
        if (number.IsScalar())
        {
            TypeName(type, invocation);
            var text = MathText(called, arguments, list, number, isDouble, type);
            if (text is not null)
            {
                return new Value(text, type, stable, true);
            }
        }

        throw new LoweringException(Rules.Method, invocation.Syntax, $"{called.ContainingType.Name}.{called.Name}({string.Join(", ", called.Parameters.Select(parameter => parameter.Type.ToDisplayString()))}) does not exist in kernels",
            "see docs/kernel-dialect.md for the functions that do; compose it of those");
    }

    private string? MathText(IMethodSymbol called, Value[] arguments, string list, SpecialType number, bool isDouble, ITypeSymbol type)
    {
        var word = number.Word();
        var isFloating = number.IsFloating();
        var isWide = number.Bytes() == 8;
        string Math(string name) => $"{target.Math(name, isDouble)}({list})";
        switch (called.Name)
        {
            case "Log" when isFloating && arguments.Length == 1:
                return Math("log");
            case "Round" when isFloating && arguments.Length == 1:
                return Math("rint");
            case "Abs" when isFloating:
                return Math("fabs");
            case "Abs" when number.IsInteger() && !number.IsUnsigned():
            case "Sign" when isFloating || (number.IsInteger() && !number.IsUnsigned()):
            case "Min" or "Max" or "Clamp" when isFloating || number.IsInteger():
                // Narrow numbers are computed as int.
                var cast = number.Bytes() < 4 && called.Name != "Sign" ? $"({target.Scalar(number)})" : "";
                return $"{cast}{program.Use($"cry_{called.Name.ToLowerInvariant()}_{word}")}({list})";
            case "DivRoundUp":
                return $"{program.Use("cry_div_int")}((int)((uint){arguments[0].Operand} + (uint){arguments[1].Operand} - 1u), {arguments[1].Text})"
                    .Replace("uint", target.Scalar(SpecialType.System_UInt32));
            case "Rsqrt" when !isDouble:
                return $"(1.0f / {target.Math("sqrt", false)}({list}))";
            case "Rcp" when !isDouble:
                return $"(1.0f / {arguments[0].Operand})";
            case "IsNaN" when isFloating:
                return arguments[0] is { IsStable: true } ? $"({arguments[0].Operand} != {arguments[0].Operand})" : $"(!{program.Use($"cry_isnumber_{word}")}({list}))";
            case "IsInfinity" when isFloating:
                return $"({program.Use($"cry_isinf_{word}")}({list}) != 0)";
            case "IsFinite" when isFloating:
                return $"({program.Use($"cry_isfinite_{word}")}({list}) != 0)";
            case "IsNegative" when isFloating:
                return $"({program.Use($"cry_isnegative_{word}")}({list}) != 0)";
            case "SingleToInt32Bits" or "SingleToUInt32Bits" or "Int32BitsToSingle" or "UInt32BitsToSingle" or "DoubleToInt64Bits" or "Int64BitsToDouble":
                return $"{target.Bits(number, type.Number())}({list})";
            case "PopCount" when number.IsInteger() && number.Bytes() >= 4:
                return $"(int){target.Math("popcount", isWide)}({Unsigned(arguments[0])})";
            case "LeadingZeroCount" when number.IsInteger() && number.Bytes() >= 4:
                return $"(int){target.Math("clz", isWide)}({Unsigned(arguments[0])})";
            case "TrailingZeroCount" when number.IsInteger() && number.Bytes() >= 4:
                var unsigned = Unsigned(arguments[0]);
                return $"(int){target.Math("popcount", isWide)}(~{unsigned} & ({unsigned} - 1u))";
            case "RotateLeft" when number.IsUnsigned() && number.Bytes() >= 4:
                return $"{program.Use($"cry_rotl_{word}")}({list})";
            case "RotateRight" when number.IsUnsigned() && number.Bytes() >= 4:
                return $"{program.Use($"cry_rotr_{word}")}({list})";
            default:
                return isFloating && Mathematics.Plain.TryGetValue(called.Name, out var plain) ? Math(plain) : null;
        }
    }

    private string Unsigned(Value value) => value.Type.Number().IsUnsigned() ? value.Operand : $"({target.Scalar(value.Type.Number().ToUnsigned())}){value.Operand}";
}

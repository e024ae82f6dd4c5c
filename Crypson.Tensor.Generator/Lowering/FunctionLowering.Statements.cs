using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Crypson.Generator.Lowering;

/// <summary>Statements.</summary>
internal sealed partial class FunctionLowering
{
    private readonly Dictionary<ILabelSymbol, string> continueLabels = new(SymbolEqualityComparer.Default);
    private readonly HashSet<string> usedLabels = [];
    private string? pragma;

    private void LowerStatements(IEnumerable<IOperation> operations)
    {
        foreach (var operation in operations)
        {
            Statement(operation);
        }

        if (pragma is not null)
        {
            pragma = null;
            throw new LoweringException(Rules.Unroll, operations.Last().Syntax, "Loop.Unroll stands at the end of a block", "put it directly before a for, while or do");
        }
    }

    private void Statement(IOperation operation)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        try
        {
            if (pragma is not null && operation is not ILoopOperation)
            {
                pragma = null;
                throw new LoweringException(Rules.Unroll, operation.Syntax, "Loop.Unroll is not followed by a loop", "put it directly before a for, while or do");
            }

            LowerStatement(operation);
        }
        catch (LoweringException e)
        {
            Report(e);
        }
    }

    private void LowerStatement(IOperation operation)
    {
        switch (operation)
        {
            case IBlockOperation block:
                Line("{");
                depth++;
                LowerStatements(block.Operations);
                depth--;
                Line("}");
                break;
            case IVariableDeclarationGroupOperation group:
                foreach (var declarator in group.Declarations.SelectMany(declaration => declaration.Declarators))
                {
                    Declare(declarator);
                }

                break;
            case IExpressionStatementOperation expression:
                Discard(expression.Operation);
                break;
            case IConditionalOperation conditional:
                If(conditional);
                break;
            case IForLoopOperation loop:
                For(loop);
                break;
            case IWhileLoopOperation loop:
                While(loop);
                break;
            case ISwitchOperation choice:
                Switch(choice);
                break;
            case IReturnOperation result:
                Return(result);
                break;
            case IBranchOperation { BranchKind: BranchKind.Break }:
                Line("break;");
                break;
            case IBranchOperation { BranchKind: BranchKind.Continue } branch:
                if (continueLabels.TryGetValue(branch.Target, out var label))
                {
                    usedLabels.Add(label);
                    Line($"goto {label};");
                }
                else
                {
                    Line("continue;");
                }

                break;
            case IEmptyOperation or ILocalFunctionOperation:
                break;
            case IForEachLoopOperation:
                throw Unsupported(operation, "foreach", "write a for loop over the positions");
            case ITryOperation or IThrowOperation:
                throw Unsupported(operation, "an exception", "kernels cannot throw; write an error code to a view");
            case ILabeledOperation or IBranchOperation:
                throw Unsupported(operation, "goto", "use a loop, or an if");
            case IUsingOperation or IUsingDeclarationOperation or ILockOperation:
                throw Unsupported(operation, "using and lock", "kernels hold no resources; use Group.Barrier or Atomic");
            default:
                throw Unsupported(operation, Quote(operation), "use declarations, assignments, if, for, while, do, switch, return and calls");
        }
    }

    private void Declare(IVariableDeclaratorOperation declarator)
    {
        var symbol = declarator.Symbol;
        var type = types.Apply(symbol.Type);
        var initializer = declarator.GetVariableInitializer()?.Value;
        if (type.IsView())
        {
            DeclareView(symbol, type, initializer, declarator);
            return;
        }

        var typeName = TypeName(type, declarator);
        if (symbol.RefKind != RefKind.None)
        {
            var place = Place(initializer!);
            var pointer = names.Unique(symbol.Name);
            Line($"{target.Space(place.Space)}{typeName}* {pointer} = &({place.Text});");
            bindings[symbol] = new Binding(pointer, type, true, place.Space);
            return;
        }

        var value = initializer is null || symbol.IsConst ? null : Lower(initializer);
        var name = names.Unique(symbol.Name);
        bindings[symbol] = new Binding(name, type);
        if (!symbol.IsConst)
        {
            Line(value is null ? $"{typeName} {name};" : $"{typeName} {name} = {value.Text};");
        }
    }

    private void DeclareView(ILocalSymbol symbol, ITypeSymbol type, IOperation? initializer, IOperation at)
    {
        if (initializer is null)
        {
            throw new LoweringException(Rules.AddressSpace, at.Syntax, $"the view {symbol.Name} is declared without a value", "give it its memory where it is declared");
        }

        if (initializer is IInvocationOperation { TargetMethod: { Name: "Allocate", ContainingType: { Name: "SharedMemory" or "LocalMemory" } } } allocation
            && allocation.TargetMethod.IsDialect())
        {
            bindings[symbol] = Allocate(allocation, symbol.Name);
            return;
        }

        var value = Lower(initializer);
        var name = names.Unique(symbol.Name);
        var length = names.Unique($"{name}_length");
        Line($"{target.Space(value.Space)}{TypeName(type.Element(), at)}* {name} = {value.Text};");
        Line($"{target.Scalar(SpecialType.System_Int64)} {length} = {value.Length};");
        bindings[symbol] = new Binding(name, type, false, value.Space, length);
    }

    private Binding Allocate(IInvocationOperation allocation, string wanted)
    {
        var isShared = allocation.TargetMethod.ContainingType.Name == "SharedMemory";
        if (allocation.Arguments[0].Value.ConstantValue is not { HasValue: true, Value: int count and > 0 })
        {
            throw new LoweringException(Rules.Allocation, allocation.Syntax, "the length of the memory is not a constant above 0", "use a const; size it for the largest case");
        }

        if (isShared && !isKernel)
        {
            throw new LoweringException(Rules.Allocation, allocation.Syntax, "shared memory is allocated in a helper", "allocate it in the kernel and pass the view");
        }

        if (isShared)
        {
            RequireGroup(allocation, "SharedMemory");
        }

        var type = types.Apply(allocation.Type!);
        var name = names.Unique(wanted);
        var declaration = $"{TypeName(type.Element(), allocation)} {name}[{Text(count)}]";
        if (type.Element().SpecialType == SpecialType.System_Single)
        {
            declaration = target.Aligned(declaration);
        }

        if (isShared)
        {
            top.Add($"    {target.Shared}{declaration};");
        }
        else
        {
            Line($"{declaration};");
        }

        return new Binding(name, type, false, isShared ? AddressSpace.Local : AddressSpace.Private, Text(count));
    }

    private void RequireGroup(IOperation at, string what)
    {
        program.UsesGroup = true;
        if (IsExtentKernel)
        {
            throw new LoweringException(Rules.Barrier, at.Syntax, $"{what} is used, but the device chooses the groups of a kernel whose first parameter is an index",
                "leave out the index parameter, use Grid and Group, and launch with a KernelConfig");
        }
    }

    private void If(IConditionalOperation conditional)
    {
        var condition = Lower(conditional.Condition);
        Line($"if ({condition.Text})");
        Braced(conditional.WhenTrue);
        if (conditional.WhenFalse is not { } otherwise)
        {
            return;
        }

        if (otherwise is not IConditionalOperation)
        {
            Line("else");
            Braced(otherwise);
            return;
        }

        var nested = Capture(() => Statement(otherwise));
        if (nested.Count > 0 && nested[0].TrimStart().StartsWith("if (", StringComparison.Ordinal))
        {
            Line("else " + nested[0].TrimStart());
            lines.AddRange(nested.Skip(1));
        }
        else
        {
            // The second condition needs statements of its own.
            Line("else");
            Line("{");
            lines.AddRange(nested.Select(line => "    " + line));
            Line("}");
        }
    }

    private void Braced(IOperation statement)
    {
        if (statement is IBlockOperation)
        {
            Statement(statement);
            return;
        }

        Line("{");
        depth++;
        LowerStatements([statement]);
        depth--;
        Line("}");
    }

    private string? TakePragma()
    {
        var taken = pragma;
        pragma = null;
        return taken;
    }

    private void Head(string? unroll, string text)
    {
        if (unroll is not null)
        {
            Line(unroll);
        }

        Line(text);
    }

    private void For(IForLoopOperation loop)
    {
        var unroll = TakePragma();
        var before = Capture(() =>
        {
            foreach (var operation in loop.Before)
            {
                Statement(operation);
            }
        });
        Value? condition = null;
        var check = Capture(() => condition = loop.Condition is null ? null : Lower(loop.Condition), deeper: 1);
        var steps = loop.AtLoopBottom.Select(step => Capture(() => Step(loop, step), deeper: 1)).ToArray();

        if (check.Count == 0 && steps.All(step => step.Count <= 1))
        {
            var first = "";
            if (before.Count == 1)
            {
                first = before[0].Trim().TrimEnd(';');
            }
            else
            {
                lines.AddRange(before);
            }

            Head(unroll, $"for ({first}; {condition?.Text}; {string.Join(", ", steps.SelectMany(step => step).Select(step => step.Trim().TrimEnd(';')))})");
            Braced(loop.Body);
            return;
        }

        lines.AddRange(before);
        LongLoop(unroll, loop, loop.Body, () => Check(check, condition), () => lines.AddRange(steps.SelectMany(step => step)));
    }

    // i++ under i < n cannot overflow when nothing else changes i: it stays what compilers know best.
    private void Step(IForLoopOperation loop, IOperation step)
    {
        if (step is IExpressionStatementOperation { Operation: IIncrementOrDecrementOperation { Kind: OperationKind.Increment, Target: ILocalReferenceOperation local } increment }
            && increment.OperatorMethod is null
            && local.Local.Type.SpecialType is SpecialType.System_Int32 or SpecialType.System_Int64
            && loop.Condition is IBinaryOperation { OperatorKind: BinaryOperatorKind.LessThan, LeftOperand: ILocalReferenceOperation tested }
            && SymbolEqualityComparer.Default.Equals(local.Local, tested.Local)
            && !loop.Body.Descendants().Any(operation => Changes(operation, local.Local)))
        {
            Line($"{Bound(local.Local, step.Syntax).Name}++;");
            return;
        }

        Statement(step);
    }

    private static bool Changes(IOperation operation, ILocalSymbol local)
    {
        var changed = operation switch
        {
            IDeconstructionAssignmentOperation deconstruction => Flatten(deconstruction.Target),
            IAssignmentOperation assignment => [assignment.Target],
            IIncrementOrDecrementOperation step => [step.Target],
            IArgumentOperation { Parameter.RefKind: not RefKind.None } argument => [argument.Value],
            IVariableDeclaratorOperation { Symbol.RefKind: not RefKind.None, Initializer.Value: { } referenced } => [referenced],
            _ => [],
        };
        return changed.OfType<ILocalReferenceOperation>().Any(reference => SymbolEqualityComparer.Default.Equals(reference.Local, local));
    }

    private void While(IWhileLoopOperation loop)
    {
        var unroll = TakePragma();
        if (loop.ConditionIsUntil || loop.Condition is null)
        {
            throw Unsupported(loop, "this loop", "use while with a condition");
        }

        Value? condition = null;
        var check = Capture(() => condition = Lower(loop.Condition), deeper: 1);
        if (check.Count > 0)
        {
            var test = () => Check(check, condition);
            LongLoop(unroll, loop, loop.Body, loop.ConditionIsTop ? test : static () => { }, loop.ConditionIsTop ? static () => { } : test);
        }
        else if (loop.ConditionIsTop)
        {
            Head(unroll, $"while ({condition!.Text})");
            Braced(loop.Body);
        }
        else
        {
            Head(unroll, "do");
            Braced(loop.Body);
            Line($"while ({condition!.Text});");
        }
    }

    // A loop whose condition or step needs statements.
    private void LongLoop(string? unroll, ILoopOperation loop, IOperation body, Action atTop, Action atBottom)
    {
        var label = names.Unique("next");
        continueLabels[loop.ContinueLabel] = label;
        Head(unroll, "for (;;)");
        Line("{");
        depth++;
        atTop();
        Braced(body);
        if (usedLabels.Contains(label))
        {
            Line($"{label}: ;");
        }

        atBottom();
        depth--;
        Line("}");
    }

    private void Check(List<string> check, Value? condition)
    {
        lines.AddRange(check);
        Line($"if (!{condition!.Operand})");
        Line("{");
        Line("    break;");
        Line("}");
    }

    private void Switch(ISwitchOperation choice)
    {
        var value = Lower(choice.Value);
        if (!value.Type.Number().IsInteger() && value.Type.Number() != SpecialType.System_Boolean)
        {
            throw Unsupported(choice.Value, $"a switch over {value.Type.ToDisplayString()}", "switch over an integer, or use if");
        }

        Line($"switch ({value.Text})");
        Line("{");
        depth++;
        foreach (var section in choice.Cases)
        {
            foreach (var clause in section.Clauses)
            {
                Line(clause switch
                {
                    IDefaultCaseClauseOperation => "default:",
                    ISingleValueCaseClauseOperation { Value: { ConstantValue.HasValue: true } constant } => $"case {Lower(constant).Text}:",
                    _ => throw Unsupported(clause, "this case", "use constants, or if"),
                });
            }

            Line("{");
            depth++;
            LowerStatements(section.Body);
            depth--;
            Line("}");
        }

        depth--;
        Line("}");
    }

    private void Return(IReturnOperation result)
    {
        if (result.ReturnedValue is not { } returned)
        {
            Line(method.MethodKind == MethodKind.Constructor ? $"return {self!.Name};" : "return;");
            return;
        }

        if (method.ReturnsVoid || returned.Type?.SpecialType == SpecialType.System_Void)
        {
            Discard(returned);
            return;
        }

        Line($"return {Lower(returned).Text};");
    }
}

using System.Text;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Crypson.Cli;

/// <summary>
/// A table of text: with lines on a terminal, or row by row if that is too narrow; columns apart by spaces elsewhere.
/// </summary>
internal sealed class TextTable
{
    // Broken words are hard to read in columns of fewer letters.
    private const int Narrow = 12;

    private readonly List<(string Title, bool Right)> columns = [];
    private readonly List<string[]> rows = [];

    /// <summary>Adds a column of words.</summary>
    public TextTable Left(string title)
    {
        columns.Add((title, false));
        return this;
    }

    /// <summary>Adds a column of numbers.</summary>
    public TextTable Right(string title)
    {
        columns.Add((title, true));
        return this;
    }

    /// <summary>Adds a row, a cell per column.</summary>
    public TextTable Row(params string[] cells)
    {
        rows.Add(Array.ConvertAll(cells, Terminal.Clean));
        return this;
    }

    /// <summary>The table for a terminal of some width.</summary>
    public IRenderable ToRenderable(int width) => BreaksWords(width) ? ToList() : ToTable();

    private Table ToTable()
    {
        var table = new Table().Border(TableBorder.Rounded);
        foreach (var (title, right) in columns)
        {
            var column = new TableColumn(new Text(title, new Style(decoration: Decoration.Bold)));
            table.AddColumn(right ? column.RightAligned() : column);
        }

        rows.ForEach(row => table.AddRow(row.Select(cell => new Text(cell))));
        return table;
    }

    // A row is its first cell and below it the others with their titles.
    private Grid ToList()
    {
        var list = new Grid().AddColumn(new GridColumn { NoWrap = true, Padding = new Padding(0, 0, 2, 0) }).AddColumn(new GridColumn { Padding = new Padding(0, 0, 0, 0) });
        foreach (var row in rows)
        {
            list.AddRow(new Text(columns[0].Title, new Style(decoration: Decoration.Bold)), new Text(row[0], new Style(decoration: Decoration.Bold)));
            for (var i = 1; i < row.Length; i++)
            {
                if (row[i].Length > 0)
                {
                    list.AddRow(new Text($"  {columns[i].Title}"), new Text(row[i]));
                }
            }
        }

        return list;
    }

    // The widest columns give way first, down to a width at which all fit.
    private bool BreaksWords(int width)
    {
        var (widths, words) = (Widths(), Widths(text => text.Split(' ').Max(word => word.Length)));
        var room = width - (3 * columns.Count) - 1;
        var widest = widths.Max();
        while (widest > 0 && widths.Sum(column => Math.Min(column, widest)) > room)
        {
            widest--;
        }

        return widest < Narrow && words.Any(word => word > widest);
    }

    private int[] Widths(Func<string, int>? measure = null)
    {
        measure ??= text => text.Length;
        return [.. columns.Select((column, i) => rows.Select(row => measure(row[i])).Append(measure(column.Title)).Max())];
    }

    /// <summary>The table as plain lines.</summary>
    public override string ToString()
    {
        var widths = Widths();
        var text = new StringBuilder();
        foreach (var row in rows.Prepend(columns.ConvertAll(column => column.Title).ToArray()))
        {
            var cells = row.Select((cell, i) => columns[i].Right ? cell.PadLeft(widths[i]) : cell.PadRight(widths[i]));
            text.Append(string.Join("  ", cells).TrimEnd()).Append('\n');
        }

        return text.ToString();
    }
}

namespace DotRec.Modeling.Tests;

/// <summary>Solutions of linear equations in double precision, by elimination with pivots.</summary>
internal static class DenseOracle
{
    public static double[][] Solve(double[][] matrix, double[][] rightSides)
    {
        var n = matrix.Length;
        var rows = matrix.Zip(rightSides, (left, right) => (double[])[.. left, .. right]).ToArray();
        for (var column = 0; column < n; column++)
        {
            var pivot = Enumerable.Range(column, n - column).MaxBy(row => Math.Abs(rows[row][column]));
            (rows[column], rows[pivot]) = (rows[pivot], rows[column]);
            for (var row = 0; row < n; row++)
            {
                if (row != column && rows[row][column] / rows[column][column] is not 0 and var factor)
                {
                    for (var i = column; i < rows[row].Length; i++)
                    {
                        rows[row][i] -= factor * rows[column][i];
                    }
                }
            }
        }

        return [.. rows.Select((row, i) => row[n..].Select(value => value / row[i]).ToArray())];
    }
}

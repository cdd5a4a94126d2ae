using System.Globalization;
using DotRec.Onnx;

namespace DotRec.Serving.Tests;

/// <summary>Hand-built towers of known weights: what a query must come out as can be computed on the side.</summary>
internal static class TestModels
{
    /// <summary>Looks up user_id ("1" … "count"; anything else is row 0) and gathers its row of the table [count + 1, dimension].</summary>
    public static OnnxModel UserTower(float[] table, int dimension, bool tellsKnown = false)
    {
        var count = (table.Length / dimension) - 1;
        var graph = new OnnxGraph("user");
        var row = Lookup(graph, graph.Input("user_id", OnnxElementType.String, "batch"), count);
        graph.Output("embedding", graph.Node("Gather", [graph.Weight("table", table, count + 1, dimension), row]), OnnxElementType.Float, "batch", Text(dimension));
        if (tellsKnown)
        {
            graph.Output("user_id_known", graph.Node("Greater", [row, graph.Weight("zero", [0L])]), OnnxElementType.Bool, "batch");
        }

        return graph.Build();
    }

    /// <summary>[age, year, sum of the history, number of history items]: an Int64, a Float32 and an Int64 list feature.</summary>
    public static OnnxModel MixedTower()
    {
        var graph = new OnnxGraph("mixed");
        var year = graph.Input("year", OnnxElementType.Int64, "batch");
        var history = graph.Input("history", OnnxElementType.Int64, "batch", "history_count");
        var length = graph.Input("history_length", OnnxElementType.Int64, "batch");
        var age = graph.Input("age", OnnxElementType.Float, "batch");

        // mask[b, i] = i < length[b]: positions come from the shape of history.
        var count = graph.Node("Gather", [graph.Node("Shape", [history]), graph.Weight("one", [1L])]);
        var positions = graph.Node("Range", [graph.Weight("start", [0L]), count, graph.Weight("step", [1L])]);
        var mask = graph.Node("Less", [positions, Column(graph, length)]);
        var kept = graph.Node("Mul", [graph.Node("Cast", [history], ("to", 1L)), graph.Node("Cast", [mask], ("to", 1L))]);
        var sum = graph.Node("ReduceSum", [kept, graph.Weight("axis", [1L], 1)], ("keepdims", 1L));
        var parts = new[] { Column(graph, age), Column(graph, Float(graph, year)), sum, Column(graph, Float(graph, length)) };
        graph.Output("embedding", graph.Node("Concat", parts, ("axis", 1L)), OnnxElementType.Float, "batch", "4");
        return graph.Build();
    }

    /// <summary>Looks up movie_id and gathers a row of <paramref name="table"/>; with a year, that is added to each number.</summary>
    public static OnnxModel ItemTower(float[] table, int dimension, bool tellsKnown = false, bool readsYear = false)
    {
        var count = (table.Length / dimension) - 1;
        var graph = new OnnxGraph("item");
        var row = Lookup(graph, graph.Input("movie_id", OnnxElementType.String, "batch"), count);
        var vector = graph.Node("Gather", [graph.Weight("table", table, count + 1, dimension), row]);
        vector = readsYear ? graph.Node("Add", [vector, Column(graph, Float(graph, graph.Input("year", OnnxElementType.Int64, "batch")))]) : vector;
        graph.Output("embedding", vector, OnnxElementType.Float, "batch", Text(dimension));
        if (tellsKnown)
        {
            graph.Output("movie_id_known", graph.Node("Greater", [row, graph.Weight("zero", [0L])]), OnnxElementType.Bool, "batch");
        }

        return graph.Build();
    }

    /// <summary>score = relu(user · item) + (year − 1950) · age / 100: two looked up vectors, an Int64 and a Float32.</summary>
    /// <param name="users">[U + 1, dimension]; row 0 is for strangers.</param>
    /// <param name="items">[N, dimension], row r for the id "m" + r; an unknown id takes row 0.</param>
    /// <param name="dimension">Width of both.</param>
    /// <param name="isVector">Whether the output is [batch] instead of [batch, 1].</param>
    public static OnnxModel Ranker(float[] users, float[] items, int dimension, bool isVector = false)
    {
        var graph = new OnnxGraph("ranker");
        var user = Rows(graph, users, dimension, Lookup(graph, graph.Input("user_id", OnnxElementType.String, "batch"), (users.Length / dimension) - 1));
        var names = Enumerable.Range(0, items.Length / dimension).Select(row => "m" + Text(row)).ToArray();
        var item = Rows(graph, items, dimension, Lookup(graph, graph.Input("movie_id", OnnxElementType.String, "batch"), names, first: 0));
        var year = Float(graph, graph.Input("year", OnnxElementType.Int64, "batch"));
        var age = graph.Input("age", OnnxElementType.Float, "batch");
        var axis = graph.Weight("axis", [1L], 1);
        var match = graph.Node("Relu", [graph.Node("ReduceSum", [graph.Node("Mul", [user, item]), axis], ("keepdims", isVector ? 0L : 1L))]);
        var since = graph.Node("Div", [graph.Node("Mul", [graph.Node("Sub", [year, graph.Weight("from", [1950f])]), age]), graph.Weight("hundred", [100f])]);
        var score = graph.Node("Add", [match, isVector ? since : Column(graph, since)]);
        graph.Output("score", score, OnnxElementType.Float, isVector ? ["batch"] : ["batch", "1"]);
        return graph.Build();
    }

    /// <summary>A random network over user_id, movie_id, the list genres ("g0" … "g4"), the Int64 year and the Float32 age: one hidden layer of 24.</summary>
    public static OnnxModel NetworkRanker(TestCorpus corpus, ulong seed)
    {
        var random = new DotRec.Kernels.SeededRandom(seed);
        var graph = new OnnxGraph("network");
        var user = Rows(graph, corpus.UserTable, corpus.Dimension, Lookup(graph, graph.Input("user_id", OnnxElementType.String, "batch"), corpus.Users));
        var item = Rows(graph, Draw(corpus.ItemCount * 6), 6, Lookup(graph, graph.Input("movie_id", OnnxElementType.String, "batch"), corpus.Ids, first: 0));
        var year = graph.Node("Sub", [Float(graph, graph.Input("year", OnnxElementType.Int64, "batch")), graph.Weight("mean", [1975f])]);
        var age = Column(graph, graph.Input("age", OnnxElementType.Float, "batch"));
        var input = graph.Node("Concat", [user, item, Column(graph, year), age, ListSum(graph)], ("axis", 1L));
        var width = corpus.Dimension + 9;
        var hidden = graph.Node("Relu", [graph.Node("MatMul", [input, graph.Weight("w1", Draw(width * 24), width, 24)])]);
        graph.Output("score", graph.Node("MatMul", [hidden, graph.Weight("w2", Draw(24), 24, 1)]), OnnxElementType.Float, "batch", "1");
        return graph.Build();

        float[] Draw(int count) => [.. Enumerable.Range(0, count).Select(_ => (float)random.NextNormal())];
    }

    // [batch, 1]: sum over the list genres of 1 for "g0", 2 for "g1" and so on; the padding does not count.
    private static string ListSum(OnnxGraph graph)
    {
        var genres = graph.Input("genres", OnnxElementType.String, "batch", "genres_count");
        var length = graph.Input("genres_length", OnnxElementType.Int64, "batch");
        var numbers = Lookup(graph, genres, ["g0", "g1", "g2", "g3", "g4"], first: 1);
        var count = graph.Node("Gather", [graph.Node("Shape", [genres]), graph.Weight("one", [1L])]);
        var positions = graph.Node("Range", [graph.Weight("start", [0L]), count, graph.Weight("step", [1L])]);
        var mask = graph.Node("Less", [positions, Column(graph, length)]);
        var kept = graph.Node("Mul", [Float(graph, numbers), Float(graph, mask)]);
        return graph.Node("ReduceSum", [kept, graph.Weight("axis", [1L], 1)], ("keepdims", 1L));
    }

    private static string Rows(OnnxGraph graph, float[] table, int dimension, string row) =>
        graph.Node("Gather", [graph.Weight("table", table, table.Length / dimension, dimension), row]);

    private static string Lookup(OnnxGraph graph, string input, int count) => Lookup(graph, input, [.. Enumerable.Range(1, count).Select(Text)], first: 1);

    private static string Lookup(OnnxGraph graph, string input, string[] keys, int first) => first == 1 ? graph.Lookup(input, keys) : graph.Node(
        "LabelEncoder",
        OnnxGraph.MachineLearningDomain,
        [input],
        1,
        ("keys_strings", keys),
        ("values_int64s", keys.Select((_, i) => (long)(first + i)).ToArray()),
        ("default_int64", 0L))[0];

    private static string Column(OnnxGraph graph, string vector) => graph.Node("Unsqueeze", [vector, graph.Weight("last", [1L], 1)]);

    private static string Float(OnnxGraph graph, string integers) => graph.Node("Cast", [integers], ("to", 1L));

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

using DotRec.Data;
using DotRec.Onnx;

namespace DotRec.Features.Tests;

/// <summary>The features of the TFRS featurization tutorial on the data it uses.</summary>
public sealed class MovieLensPreprocessingTests
{
    [Fact]
    public void Films_of_ml_100k_get_the_same_rows_in_ONNX_Runtime()
    {
        var movies = MovieLens.LoadMovies(Find());
        var titles = new StringLookup("movie_title", movies);
        var genres = new StringLookup("genres", movies);
        var words = new TextVectorization("movie_title", movies, maxTokens: 10_000);

        // 1,664 different titles; 18 genres and "unknown". The words were counted by another program.
        Assert.Equal((1_665, 20), (titles.Cardinality, genres.Cardinality));
        Assert.Equal("Drama", genres.Vocabulary[0]);
        Assert.Equal(["the", "1996", "1995", "1994", "1997", "of"], words.Vocabulary.Take(6));
        Assert.Equal(2_467, words.Cardinality);
        Assert.Contains("misérables", words.Vocabulary);
        Assert.Equal(0, words.AdaptStatistics!.OovRate);
        foreach (PreprocessingLayer layer in new PreprocessingLayer[] { titles, genres, words, new Hashing("movie_title", movies, bins: 200_000) })
        {
            using var onnx = new OnnxRun(layer, OnnxElementType.Int64);
            var expected = (EncodedIds)layer.Encode(movies);
            Assert.Equal(0, layer.EncodeStatistics?.OutOfVocabulary ?? 0);
            Assert.Equal(expected.Values.ToArray().Select(id => (long)id), onnx.Ids(movies).Rows.SelectMany(row => row));
        }
    }

    [Fact]
    public void Timestamps_of_ml_100k_fall_into_a_thousand_bins_and_normalize()
    {
        var ratings = MovieLens.LoadRatings(Find());
        var normalization = new Normalization("timestamp", ratings);
        var normalized = normalization.Encode(ratings).Values.ToArray();
        Assert.Equal(0, normalized.Average(value => (double)value), 1e-6);
        Assert.Equal(1, normalized.Average(value => (double)value * value), 1e-6);

        var bins = new Discretization("timestamp", ratings, bins: 1000, BinPlacement.EqualWidth);
        Assert.Equal(1000, bins.Cardinality);
        var users = new StringLookup("user_id", ratings);
        Assert.Equal(944, users.Cardinality);
        var cross = new CategoryCrossing([users, bins], bins: 50_000);
        using var onnx = new OnnxRun(cross, OnnxElementType.Int64);
        var some = ratings.Select([.. Enumerable.Range(0, 2000).Select(i => i * 50)]);
        Assert.Equal(cross.Encode(some).Values.ToArray().Select(id => (long)id), onnx.Ids(some).All);
    }

    private static string Find()
    {
        const string name = "ml-100k.zip";
        var path = TestData.Find(name);
        Assert.SkipWhen(path is null, TestData.Absent(name));
        return path!;
    }
}

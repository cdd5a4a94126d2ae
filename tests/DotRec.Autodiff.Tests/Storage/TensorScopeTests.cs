namespace DotRec.Autodiff.Tests.Storage;

public sealed class TensorScopeTests
{
    [Fact]
    public void A_tensor_is_not_readable_after_its_scope()
    {
        Tensor escaped;
        using (TensorScope.Begin())
        {
            escaped = Given.Ramp(2, 3);
        }

        var error = Assert.Throws<ObjectDisposedException>(() => escaped.Values.Length);
        Assert.Equal(
            "Tensor [2, 3] was made inside a TensorScope that has ended. Read its values inside the scope, or let it live on with scope.Keep(tensor).", error.Message);
        Assert.Throws<ObjectDisposedException>(() => escaped + 1f);
    }

    [Fact]
    public void An_old_tensor_does_not_come_back_to_life_when_its_memory_is_used_again()
    {
        Tensor old;
        using (TensorScope.Begin())
        {
            old = Given.Ramp(64);
        }

        using (TensorScope.Begin())
        {
            _ = Given.Ramp(64);
            Assert.Throws<ObjectDisposedException>(() => old.Values.Length);
            Assert.Throws<ObjectDisposedException>(() => old.Reshape(8, 8));
        }
    }

    [Fact]
    public void A_kept_tensor_lives_on_in_the_enclosing_scope_with_its_gradient()
    {
        Tensor kept, lost;
        using (var outer = TensorScope.Begin())
        {
            using (var inner = TensorScope.Begin())
            {
                kept = inner.Keep(Given.Ramp(3));
                kept.RequiresGradient = true;
                (kept * 2f).Sum().Backward();
                lost = Given.Ramp(3);
            }

            Assert.Equal([1f, 2, 3], kept.Values.ToArray());
            Assert.Equal([2f, 2, 2], kept.Gradient!.Values.ToArray());
            Assert.Throws<ObjectDisposedException>(() => lost.Values.Length);
            outer.Keep(kept);
        }

        Assert.Equal([1f, 2, 3], kept.Values.ToArray());
        Assert.Equal([2f, 2, 2], kept.Gradient!.Values.ToArray());
    }

    [Fact]
    public void A_view_keeps_the_memory_it_shares()
    {
        Tensor view;
        using (var scope = TensorScope.Begin())
        {
            view = scope.Keep(Given.Ramp(2, 3).Reshape(6));
        }

        Assert.Equal([1f, 2, 3, 4, 5, 6], view.Values.ToArray());
    }

    [Fact]
    public void The_gradient_of_a_tensor_from_outside_outlives_the_scope_of_the_pass()
    {
        var x = Given.Ramp(2);
        x.RequiresGradient = true;
        for (var pass = 1; pass <= 2; pass++)
        {
            using (TensorScope.Begin())
            {
                (x * 3f).Sum().Backward();
            }

            Assert.Equal([3f * pass, 3 * pass], x.Gradient!.Values.ToArray());
        }
    }

    [Fact]
    public void Ending_an_outer_scope_ends_the_inner_ones_and_ending_twice_does_nothing()
    {
        var outer = TensorScope.Begin();
        var inner = TensorScope.Begin();
        var tensor = Given.Ramp(2);
        outer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => tensor.Values.Length);

        using var next = TensorScope.Begin();
        var alive = Given.Ramp(2);
        inner.Dispose();
        outer.Dispose();
        Assert.Equal([1f, 2], alive.Values.ToArray());
        default(TensorScope).Dispose();
    }

    [Fact]
    public void Scopes_of_different_threads_do_not_meet()
    {
        using var scope = TensorScope.Begin();
        var mine = Given.Ramp(100);
        var thread = new Thread(() =>
        {
            using (TensorScope.Begin())
            {
                Given.Ramp(100).WritableValues().Clear();
            }
        });
        thread.Start();
        thread.Join();
        Assert.Equal(100, mine.Values[99]);
    }

    [Fact]
    public void Size_classes_hold_what_is_asked_for_and_waste_at_most_a_quarter()
    {
        for (var length = 1; length < 100_000; length++)
        {
            var size = BufferPool.SizeOf(BufferPool.ClassOf(length));
            Assert.True(size >= length, $"{length} values in {size}");
            Assert.True(length <= 64 || size <= length * 1.25, $"{length} values in {size}");
            Assert.Equal(BufferPool.ClassOf(length), BufferPool.ClassOf(size));
        }
    }

    [Fact]
    public void Memory_starts_at_a_cache_line()
    {
        for (var length = 1; length < 300; length += 37)
        {
            unsafe
            {
                fixed (float* start = Tensor.Zeros(length).Values)
                {
                    Assert.Equal(0u, (nuint)start % 64);
                }
            }
        }
    }
}

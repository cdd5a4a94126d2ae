namespace DotRec.Serving;

/// <summary>
/// Frees native resources only after the last user has left: disposing while requests run lets them finish, and later ones get
/// <see cref="ObjectDisposedException"/> instead of freed memory.
/// </summary>
internal sealed class Lifetime(string name, Action free)
{
    // Users inside, plus one for the owner until Close. Once 0 it stays 0.
    private int _users = 1;
    private int _closed;

    public Use Enter() => TryEnter() ?? throw new ObjectDisposedException(name);

    /// <summary>Null when it is closed.</summary>
    public Use? TryEnter()
    {
        var users = Volatile.Read(ref _users);
        while (users != 0 && Volatile.Read(ref _closed) == 0)
        {
            var seen = Interlocked.CompareExchange(ref _users, users + 1, users);
            if (seen == users)
            {
                return new Use(this);
            }

            users = seen;
        }

        return null;
    }

    public void Close()
    {
        if (Interlocked.Exchange(ref _closed, 1) == 0)
        {
            Leave();
        }
    }

    private void Leave()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            free();
        }
    }

    public readonly struct Use(Lifetime lifetime) : IDisposable
    {
        public void Dispose() => lifetime.Leave();
    }
}

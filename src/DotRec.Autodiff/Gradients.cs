namespace DotRec.Autodiff;

/// <summary>Whether operations on this thread are recorded for a backward pass.</summary>
public static class Gradients
{
    [ThreadStatic]
    private static int _offCount;

    /// <summary>True unless inside <see cref="Off"/>.</summary>
    public static bool AreOn => _offCount == 0;

    /// <summary>Records nothing until the result is disposed: <c>using (Gradients.Off()) { … }</c>. Nests.</summary>
    public static Suspension Off()
    {
        _offCount++;
        return new Suspension(isActive: true);
    }

    /// <summary>Turns recording on again when disposed.</summary>
    public ref struct Suspension : IDisposable
    {
        private bool _isActive;

        internal Suspension(bool isActive) => _isActive = isActive;

        /// <summary>Ends the suspension; a second call does nothing.</summary>
        public void Dispose()
        {
            if (_isActive)
            {
                _isActive = false;
                _offCount--;
            }
        }
    }
}

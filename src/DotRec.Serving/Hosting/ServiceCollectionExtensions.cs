using DotRec.Serving;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Recommenders as services of a host, an ASP.NET Core application for example.</summary>
public static class DotRecServiceCollectionExtensions
{
    /// <summary>
    /// Adds a <see cref="ModelHost"/> that serves the newest version in a folder: loaded when the host starts, exchanged when a newer one appears, closed when the
    /// host stops. The host does not start without a model.
    /// </summary>
    /// <example>
    /// <code>
    /// builder.Services.AddDotRec(options => options.Directory = "models/films");
    /// app.MapGet("/films/{user}", (string user, ModelHost films) => films.Recommend(new { user_id = user }, k: 10).Select(film => film.ItemId.ToString()));
    /// </code>
    /// </example>
    /// <param name="services">The services.</param>
    /// <param name="configure">Says where the versions are; binding a configuration section does as well.</param>
    public static IServiceCollection AddDotRec(this IServiceCollection services, Action<ModelHostOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions<ModelHostOptions>().Configure(configure ?? (_ => { }));
        services.TryAddSingleton(provider => Make(provider, provider.GetRequiredService<IOptions<ModelHostOptions>>().Value));
        services.AddSingleton<IHostedService>(provider => new Starting(provider.GetRequiredService<ModelHost>()));
        return services;
    }

    /// <summary>Adds a <see cref="ModelHost"/> under a name, for a host that serves several models: <c>[FromKeyedServices("films")] ModelHost films</c>.</summary>
    /// <param name="services">The services.</param>
    /// <param name="name">Name of the model, the key of the service and of its options.</param>
    /// <param name="configure">Says where the versions are.</param>
    public static IServiceCollection AddDotRec(this IServiceCollection services, string name, Action<ModelHostOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions<ModelHostOptions>(name).Configure(configure);
        services.AddKeyedSingleton(name, (provider, _) => Make(provider, provider.GetRequiredService<IOptionsMonitor<ModelHostOptions>>().Get(name)));
        services.AddSingleton<IHostedService>(provider => new Starting(provider.GetRequiredKeyedService<ModelHost>(name)));
        return services;
    }

    private static ModelHost Make(IServiceProvider provider, ModelHostOptions options) =>
        new(options, provider.GetService<ILogger<ModelHost>>(), provider.GetService<TimeProvider>());

    private sealed class Starting(ModelHost host) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => host.StartAsync(cancellationToken);

        public Task StopAsync(CancellationToken cancellationToken) => host.DisposeAsync().AsTask();
    }
}

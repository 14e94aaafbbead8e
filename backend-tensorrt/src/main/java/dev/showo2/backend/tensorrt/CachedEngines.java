package dev.showo2.backend.tensorrt;

import dev.showo2.backend.tensorrt.internal.device.Engine;
import dev.showo2.backend.tensorrt.internal.device.EnginePlatform;
import dev.showo2.backend.tensorrt.internal.device.EngineRunner;
import dev.showo2.backend.tensorrt.internal.device.EngineSpec;
import dev.showo2.backend.tensorrt.internal.engines.CachedPlan;
import dev.showo2.backend.tensorrt.internal.engines.EngineCache;
import dev.showo2.backend.tensorrt.internal.engines.EngineRequest;
import dev.showo2.model.Bundle;
import dev.showo2.model.BundleFile;
import dev.showo2.spi.support.BackendLifetime;
import dev.showo2.spi.support.Closer;
import dev.showo2.stage.Stage;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Engines of a bundle from the cache of this machine. */
final class CachedEngines implements StageEngines.EngineSource, AutoCloseable {

  private static final System.Logger LOG = System.getLogger(CachedEngines.class.getName());

  private final EnginePlatform platform;
  private final EngineRunner runner;
  private final TensorRtOptions options;
  private final BackendLifetime lifetime;
  private final EngineCache cache;
  private final Map<String, String> hashes = new HashMap<>();

  private CachedEngines(
      EnginePlatform platform,
      EngineRunner runner,
      Bundle bundle,
      TensorRtOptions options,
      BackendLifetime lifetime,
      EngineCache cache) {
    this.platform = platform;
    this.runner = runner;
    this.options = options;
    this.lifetime = lifetime;
    this.cache = cache;
    for (BundleFile file : bundle.manifest().files()) {
      hashes.put(file.name(), file.sha256());
    }
  }

  static CachedEngines open(
      EnginePlatform platform,
      EngineRunner runner,
      Bundle bundle,
      TensorRtOptions options,
      BackendLifetime lifetime) {
    return new CachedEngines(
        platform,
        runner,
        bundle,
        options,
        lifetime,
        EngineCache.open(EngineCache.directory(options.cacheDirectory()), options.cacheBytes()));
  }

  /**
   * An engine whose weights can be exchanged is kept without regard to what they are: it takes
   * those of the bundle when it is loaded.
   */
  @Override
  public Engine engine(Stage stage, EngineSpec spec, Set<String> weightFiles) {
    boolean refits = options.build().refittable();
    Map<String, String> content = new HashMap<>();
    String graph = spec.graph().getFileName().toString();
    content.put(graph, hashes.get(graph));
    if (!refits) {
      weightFiles.forEach(file -> content.put(file, hashes.get(file)));
    }
    EngineRequest request =
        new EngineRequest(
            spec,
            options.build(),
            options.device(),
            runner.platform(),
            platform.planBuilder(),
            content,
            options.builderClassPath());
    try (CachedPlan plan =
        cache.plan(
            request,
            line -> LOG.log(System.Logger.Level.DEBUG, "stage {0}: {1}", stage.id(), line),
            lifetime::isCancelled)) {
      Engine engine = runner.load(plan.parts(), options.weightBytes());
      try {
        if (refits) {
          engine.refit(spec.graph());
        }
        return engine;
      } catch (Throwable e) {
        Closer.closeAfter(e, engine);
        throw e;
      }
    }
  }

  @Override
  public void close() {
    cache.close();
  }
}

package dev.showo2.spi.support;

import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.spi.Backend;
import dev.showo2.spi.Capabilities;
import dev.showo2.stage.Backbone;
import dev.showo2.stage.FlowHead;
import dev.showo2.stage.Fusion;
import dev.showo2.stage.LanguageHead;
import dev.showo2.stage.Stage;
import dev.showo2.stage.TextEmbedding;
import dev.showo2.stage.TimeEmbedding;
import dev.showo2.stage.VaeDecoder;
import dev.showo2.stage.VaeEncoder;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Objects;
import org.apiguardian.api.API;

/**
 * A backend whose stages are all absent until an engine overrides their accessors. Checks uploads,
 * and closes once, after the calls in progress, also when the JVM ends. Thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public abstract class AbstractBackend implements Backend {

  private final BackendLifetime lifetime;
  private final Capabilities capabilities;

  /**
   * Makes an open backend.
   *
   * @param lifetime of this backend
   * @param capabilities among them the stages whose accessors are overridden
   */
  protected AbstractBackend(BackendLifetime lifetime, Capabilities capabilities) {
    this.lifetime = Objects.requireNonNull(lifetime, "lifetime");
    this.capabilities = Objects.requireNonNull(capabilities, "capabilities");
    lifetime.releaseAtShutdown(this::release);
  }

  /**
   * Copies values to where the engine computes, while the backend is open.
   *
   * @param values at least as many as the shape has elements; position and limit stay as they are
   * @param shape with at least one element
   * @return a new tensor of this backend
   */
  protected abstract Tensor copyOf(FloatBuffer values, Shape shape);

  /** Frees what the engine holds; called once, when no call is in progress. */
  protected abstract void release();

  /**
   * Tells what tensors and caches of this backend have in common.
   *
   * @return the lifetime of this backend
   */
  public final BackendLifetime lifetime() {
    return lifetime;
  }

  /**
   * Makes the exception that accessors of absent stages throw.
   *
   * @param stage that is absent
   * @return an exception that names backend and stage
   */
  protected UnsupportedFeatureException missing(Stage stage) {
    return new UnsupportedFeatureException(
        "the backend '" + lifetime.backend() + "' has no stage " + stage.id());
  }

  /**
   * Refuses a stage that is absent, and any stage once the backend is closed.
   *
   * @param forms a stage, or several of which one is enough, such as the two forms of an encoder
   * @throws UnsupportedFeatureException if the backend has none of them, as {@link #missing} says
   * @throws IllegalStateException if the backend is closed
   */
  protected final void require(Stage... forms) {
    if (Arrays.stream(forms).noneMatch(capabilities::supports)) {
      throw missing(forms[0]);
    }
    lifetime.run(() -> {});
  }

  @Override
  public final Capabilities capabilities() {
    return capabilities;
  }

  @Override
  public TextEmbedding textEmbedding() {
    throw missing(Stage.TEXT_EMBEDDING);
  }

  @Override
  public TimeEmbedding timeEmbedding() {
    throw missing(Stage.TIME_EMBEDDING);
  }

  @Override
  public Fusion fusion() {
    throw missing(Stage.FUSION);
  }

  @Override
  public Backbone backbone() {
    throw missing(Stage.BACKBONE);
  }

  @Override
  public LanguageHead languageHead() {
    throw missing(Stage.LANGUAGE_HEAD);
  }

  @Override
  public FlowHead flowHead() {
    throw missing(Stage.FLOW_HEAD);
  }

  @Override
  public VaeEncoder vaeEncoder() {
    throw missing(Stage.VAE_IMAGE_ENCODER);
  }

  @Override
  public VaeDecoder vaeDecoder() {
    throw missing(Stage.VAE_IMAGE_DECODER);
  }

  @Override
  public final Tensor upload(FloatBuffer values, Shape shape) {
    StageArguments.checkUpload(values, shape);
    return lifetime.call(() -> copyOf(values, shape));
  }

  @Override
  public final void close() {
    lifetime.close(this::release);
  }
}

package dev.showo2.conformance.wrapper;

import dev.showo2.spi.Backend;
import dev.showo2.spi.Capabilities;
import dev.showo2.stage.Backbone;
import dev.showo2.stage.FlowHead;
import dev.showo2.stage.Fusion;
import dev.showo2.stage.LanguageHead;
import dev.showo2.stage.TextEmbedding;
import dev.showo2.stage.TimeEmbedding;
import dev.showo2.stage.VaeDecoder;
import dev.showo2.stage.VaeEncoder;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.nio.FloatBuffer;
import java.util.Objects;
import org.apiguardian.api.API;

/**
 * A backend whose calls fail or wait where a {@link FaultPlan} says so, and that otherwise computes
 * what the one underneath does. With {@link AssertingBackend} underneath, it shows whether whoever
 * calls survives failures without leaving anything open.
 *
 * <p>Counted are the methods of stages, uploads, reads of tensors, and what changes or copies
 * caches and streams; not accessors, sizes and closing, which do not fail.
 *
 * <p>Thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class CrankyBackend implements Backend {

  private final FaultyCalls calls;
  private final Backend faulty;

  private CrankyBackend(FaultyCalls calls, Backend faulty) {
    this.calls = calls;
    this.faulty = faulty;
  }

  /**
   * @param backend is closed with the one returned
   */
  public static CrankyBackend around(Backend backend, FaultPlan plan) {
    Objects.requireNonNull(backend, "backend");
    Objects.requireNonNull(plan, "plan");
    FaultyCalls calls = new FaultyCalls(plan);
    return new CrankyBackend(calls, calls.around(Backend.class, backend));
  }

  /** How many calls there have been; the next one has this number. */
  public int calls() {
    return calls.count();
  }

  @Override
  public Capabilities capabilities() {
    return faulty.capabilities();
  }

  @Override
  public TextEmbedding textEmbedding() {
    return faulty.textEmbedding();
  }

  @Override
  public TimeEmbedding timeEmbedding() {
    return faulty.timeEmbedding();
  }

  @Override
  public Fusion fusion() {
    return faulty.fusion();
  }

  @Override
  public Backbone backbone() {
    return faulty.backbone();
  }

  @Override
  public LanguageHead languageHead() {
    return faulty.languageHead();
  }

  @Override
  public FlowHead flowHead() {
    return faulty.flowHead();
  }

  @Override
  public VaeEncoder vaeEncoder() {
    return faulty.vaeEncoder();
  }

  @Override
  public VaeDecoder vaeDecoder() {
    return faulty.vaeDecoder();
  }

  @Override
  public Tensor upload(FloatBuffer values, Shape shape) {
    return faulty.upload(values, shape);
  }

  @Override
  public Tensor upload(HostTensor tensor) {
    return faulty.upload(tensor);
  }

  @Override
  public void close() {
    faulty.close();
  }
}

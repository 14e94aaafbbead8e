package dev.showo2.backend.djl;

import static dev.showo2.backend.djl.NdScopes.scoped;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.showo2.error.InvalidModelException;
import dev.showo2.error.InvalidRequestException;
import dev.showo2.model.Architecture;
import dev.showo2.spi.support.BackendLifetime;
import dev.showo2.spi.support.Closer;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.train.spi.Teacher;
import dev.showo2.train.spi.TeacherRequest;

/** The first layers of SigLIP on images. */
final class DjlTeacher implements Teacher {

  private static final int COLORS = 3;
  private static final String MODEL = "vision_model.";

  private final DjlCalls calls;
  private final NDManager manager;
  private final Architecture.Semantic sizes;
  private final int imageSize;
  private final PatchEmbedding patches;
  private final NDArray positions;
  private final SiglipLayers layers;
  private final Closer owned;

  /**
   * @param owned closed with this teacher
   */
  private DjlTeacher(DjlCalls calls, NDManager manager, TeacherRequest request, Closer owned) {
    this.calls = calls;
    this.manager = manager;
    this.owned = owned;
    TorchFunctions.compile();
    sizes = request.layers();
    imageSize = request.imageSize();
    RequestWeights weights = new RequestWeights(request, manager);
    int width = sizes.hiddenSize();
    String patchKey = MODEL + "embeddings.patch_embedding";
    patches = PatchEmbedding.of(weights, patchKey, width, COLORS, request.patchSize());
    String positionKey = MODEL + "embeddings.position_embedding.weight";
    positions = weights.array(positionKey, sizes.positions(), width);
    layers = SiglipLayers.of(weights, MODEL + "encoder.layers.", sizes);
  }

  static DjlTeacher open(TeacherRequest request, DjlOptions options) {
    Engine engine = DjlEngine.get();
    BackendLifetime lifetime = new BackendLifetime(DjlBackendProvider.ID, options.shutdownGrace());
    DjlCalls calls =
        new DjlCalls(lifetime, DjlBackend.threads(request.layers().hiddenSize(), options));
    try (Closer closer = new Closer()) {
      closer.add(() -> lifetime.close(() -> {}));
      Closer owned = closer.add(new Closer());
      DjlTeacher teacher =
          calls.run(
              "opening the teacher",
              () -> {
                ai.djl.Device device =
                    DjlDevices.resolve(options.device(), DjlDevices.Machine.of(engine));
                NDManager manager = owned.add(engine.newBaseManager(device));
                return new DjlTeacher(calls, manager, request, owned);
              });
      closer.keepAll();
      return teacher;
    }
  }

  /** Weights that are copied to the engine, whose Java copies are gone. */
  private record RequestWeights(TeacherRequest request, NDManager manager) implements LayerWeights {

    @Override
    public NDArray array(String key, long... dimensions) {
      HostTensor weight = request.weights().apply(key);
      if (!weight.shape().equals(Shape.of(dimensions))) {
        throw new InvalidModelException(
            "the teacher's weight '"
                + key
                + "' should be "
                + Shape.of(dimensions)
                + ", found "
                + weight.shape());
      }
      return copy(weight, manager);
    }

    @Override
    public ScriptTerm linear(String key, int out, int in) {
      return LinearLayers.FP32.linear(
          key, array(key + ".weight", out, in), array(key + ".bias", out));
    }
  }

  private static NDArray copy(HostTensor tensor, NDManager scope) {
    return NdScopes.copyOf(
        tensor.values(), new ai.djl.ndarray.types.Shape(tensor.shape().toArray()), scope);
  }

  @Override
  public HostTensor features(HostTensor pixels) {
    long images = pixels.shape().rank() == 4 ? pixels.shape().dimension(0) : 0;
    Shape expected = Shape.of(Math.max(1, images), COLORS, imageSize, imageSize);
    if (!pixels.shape().equals(expected)) {
      throw new InvalidRequestException(
          "the teacher takes pixels " + expected + ", found " + pixels.shape());
    }
    return calls.lifetime().call(() -> calls.run("teacher", () -> compute(pixels, images)));
  }

  private HostTensor compute(HostTensor pixels, long images) {
    try (NDManager scope = manager.newSubManager()) {
      NDArray embedded =
          scoped(
              copy(pixels, scope),
              input -> patches.apply(input).add(NdScopes.view(positions, input.getManager())));
      NDArray features =
          layers.apply(
              embedded,
              DjlFormulas.SPEC.semanticActivation(),
              () -> calls.lifetime().run(() -> {}));
      return new HostTensor(
          Shape.of(images, sizes.positions(), sizes.hiddenSize()), features.toFloatArray());
    }
  }

  @Override
  public void close() {
    calls.lifetime().close(owned::close);
  }
}

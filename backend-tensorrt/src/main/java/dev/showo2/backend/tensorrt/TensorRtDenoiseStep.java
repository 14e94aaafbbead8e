package dev.showo2.backend.tensorrt;

import dev.showo2.backend.tensorrt.internal.device.DeviceMemory;
import dev.showo2.backend.tensorrt.internal.device.DeviceStream.Recording;
import dev.showo2.backend.tensorrt.internal.device.DeviceStream.Rows;
import dev.showo2.backend.tensorrt.internal.device.EngineCall.Binding;
import dev.showo2.sampler.internal.FiniteValues;
import dev.showo2.sampler.internal.Guidance;
import dev.showo2.sampler.internal.VelocityLayout;
import dev.showo2.spi.support.Closer;
import dev.showo2.spi.support.HostBackedTensor;
import dev.showo2.spi.support.StageArguments.FusionArguments;
import dev.showo2.stage.Attention;
import dev.showo2.stage.BackboneRequest;
import dev.showo2.stage.DenoiseStep;
import dev.showo2.stage.DenoiseStepRequest;
import dev.showo2.stage.DenoiseStepRequest.Branch;
import dev.showo2.stage.FlowHeadRequest;
import dev.showo2.stage.FusionRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A step of a flow, from latents to velocity, of which nothing but these two and the time leaves
 * the host or comes back. The steps of a flow differ in nothing else, so the second one is
 * recorded, and that and all later ones are launched as one.
 */
final class TensorRtDenoiseStep implements DenoiseStep, AutoCloseable {

  private final DeviceContext context;
  private final TensorRtStages stages;
  private final TensorRtBackbone backbone;
  private final TensorRtFlowHead flowHead;
  private final boolean records;

  /** Of the step before, which was not recorded, or of the recording; null at first. */
  private Key key;

  private Recorded recorded;

  /**
   * @param records whether steps are recorded
   */
  TensorRtDenoiseStep(
      DeviceContext context,
      TensorRtStages stages,
      TensorRtBackbone backbone,
      TensorRtFlowHead flowHead,
      boolean records) {
    this.context = context;
    this.stages = stages;
    this.backbone = backbone;
    this.flowHead = flowHead;
    this.records = records;
  }

  /** All that steps of one recording have in common. */
  private record Key(Shape latents, List<KeyValueMemory> memories, List<Integer> lengths) {

    static Key of(Shape latents, List<DeviceKvCache> caches) {
      return new Key(
          latents,
          caches.stream().map(DeviceKvCache::memory).toList(),
          caches.stream().map(DeviceKvCache::length).toList());
    }
  }

  @Override
  public Tensor velocity(DenoiseStepRequest request) {
    return context.lifetime().call(() -> context.queue().inOrder(() -> step(request)));
  }

  private Tensor step(DenoiseStepRequest request) {
    FusionArguments<DeviceTensor> checked =
        context.arguments().fusion(FusionRequest.of(request.latents()));
    List<Branch> branches = new ArrayList<>();
    branches.add(request.conditional());
    request.unconditional().ifPresent(branches::add);
    List<HostTensor> velocities = velocities(checked, request.time(), branches);
    velocities.forEach(each -> FiniteValues.require("velocities", HostBackedTensor.detached(each)));
    float[] values = velocities.get(0).values();
    if (velocities.size() > 1) {
      values = new Guidance(request.guidance()).combine(velocities.get(1).values(), values);
    }
    return HostBackedTensor.detached(
        VelocityLayout.unpatchify(
            new HostTensor(velocities.get(0).shape(), values),
            checked.frames(),
            Math.toIntExact(checked.latents().shape().dimension(3)),
            Math.toIntExact(checked.latents().shape().dimension(4))));
  }

  private List<HostTensor> velocities(
      FusionArguments<DeviceTensor> checked, float time, List<Branch> branches) {
    float[] times = new float[checked.batch()];
    Arrays.fill(times, time);
    Key wanted = records ? key(checked.latents().shape(), branches) : null;
    boolean seen = wanted != null && wanted.equals(key);
    if (!seen) {
      forget();
    }
    if (seen && recorded == null) {
      recorded = record(checked.latents().shape(), times.length, branches);
    }
    if (recorded != null) {
      return recorded.launch(checked.latents(), times);
    }
    try (Closer closer = new Closer()) {
      DeviceMemory memory =
          context
              .queue()
              .upload((long) times.length * Float.BYTES, bytes -> bytes.asFloatBuffer().put(times));
      closer.add(() -> context.queue().free(memory));
      List<Tensor> results =
          closer.addAll(
              computed(checked.latents(), new Binding(memory, Shape.of(times.length)), branches));
      List<HostTensor> velocities = results.stream().map(Tensor::toHost).toList();
      key = wanted;
      return velocities;
    }
  }

  /** Null if some cache is not one of this backend: the stages say so. */
  private Key key(Shape latents, List<Branch> branches) {
    List<DeviceKvCache> caches = new ArrayList<>();
    for (Branch branch : branches) {
      for (KvCache cache : List.of(branch.backbone(), branch.flowHead())) {
        if (!(cache instanceof DeviceKvCache own) || own.lifetime() != context.lifetime()) {
          return null;
        }
        own.requireOpen();
        caches.add(own);
      }
    }
    return Key.of(latents, caches);
  }

  /** The velocities of the branches; the caller closes them. */
  private List<Tensor> computed(DeviceTensor latents, Binding time, List<Branch> branches) {
    try (Closer closer = new Closer()) {
      Tensor image = closer.add(stages.fuse(FusionRequest.of(latents)));
      Map<String, Binding> features;
      try (StageCall call = context.call(Stage.TIME_EMBEDDING)) {
        features = call.input("time", time).run();
      }
      Tensor vector = closer.add(context.tensor(features.get("vector")));
      Tensor token = closer.add(context.tensor(features.get("token")));
      List<BackboneRequest> spans =
          branches.stream()
              .map(
                  branch ->
                      BackboneRequest.of(branch.backbone(), List.of(token, image), Attention.FULL))
              .toList();
      List<Tensor> hidden = closer.addAll(backbone.evaluateAll(spans));
      List<FlowHeadRequest> heads = new ArrayList<>();
      for (int i = 0; i < branches.size(); i++) {
        heads.add(FlowHeadRequest.span(branches.get(i).flowHead(), hidden.get(i), vector));
      }
      return flowHead.velocityAll(heads);
    }
  }

  private Recorded record(Shape latents, int batch, List<Branch> branches) {
    DeviceQueue queue = context.queue();
    try (Closer closer = new Closer()) {
      DeviceTensor input =
          closer.add(
              context.tensor(
                  new Binding(queue.allocate(latents.elementCount() * Float.BYTES), latents)));
      DeviceTensor time =
          closer.add(
              context.tensor(
                  new Binding(queue.allocate((long) batch * Float.BYTES), Shape.of(batch))));
      List<Binding> results = new ArrayList<>();
      Closer masks = closer.add(new Closer());
      Recording recording =
          closer.add(
              queue.record(
                  () -> {
                    for (Tensor each : computed(input, time.binding(), branches)) {
                      // Its memory is the recording's.
                      try (each) {
                        results.add(((DeviceTensor) each).binding());
                      }
                    }
                  }));
      for (SegmentCalls calls : List.of(backbone.calls(), flowHead.calls())) {
        for (Binding mask : calls.takeMasksOfRecording()) {
          masks.add(() -> queue.free(mask.memory()));
        }
      }
      closer.keepAll();
      return new Recorded(input, time, recording, masks, results);
    }
  }

  /** Steps on memory of their own. */
  private final class Recorded implements AutoCloseable {

    private final DeviceTensor latents;
    private final DeviceTensor time;
    private final Recording recording;
    private final Closer masks;
    private final List<Binding> velocities;

    Recorded(
        DeviceTensor latents,
        DeviceTensor time,
        Recording recording,
        Closer masks,
        List<Binding> velocities) {
      this.latents = latents;
      this.time = time;
      this.recording = recording;
      this.masks = masks;
      this.velocities = velocities;
    }

    List<HostTensor> launch(DeviceTensor newLatents, float[] times) {
      DeviceQueue queue = context.queue();
      long bytes = newLatents.shape().elementCount() * Float.BYTES;
      queue.copy(
          new Rows(newLatents.memory(), 0, bytes), new Rows(latents.memory(), 0, bytes), bytes, 1);
      queue.upload(time.memory(), target -> target.asFloatBuffer().put(times));
      recording.launch();
      List<HostTensor> results = new ArrayList<>();
      for (Binding velocity : velocities) {
        float[] values = new float[Math.toIntExact(velocity.shape().elementCount())];
        queue.download(
            velocity.memory(),
            (long) values.length * Float.BYTES,
            source -> source.asFloatBuffer().get(values));
        results.add(new HostTensor(velocity.shape(), values));
      }
      return results;
    }

    @Override
    public void close() {
      try (Closer closer = new Closer()) {
        closer.add(latents);
        closer.add(time);
        closer.add(masks);
        closer.add(recording);
      }
    }
  }

  /** Gives up what is recorded on keys and values that are about to be freed. */
  void forget(KeyValueMemory memory) {
    context
        .queue()
        .inOrder(
            () -> {
              if (key != null && key.memories().contains(memory)) {
                forget();
              }
              return null;
            });
  }

  private void forget() {
    key = null;
    Recorded old = recorded;
    recorded = null;
    if (old != null) {
      old.close();
    }
  }

  @Override
  public void close() {
    forget();
  }
}

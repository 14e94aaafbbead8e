package dev.showo2.spi.support;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.showo2.pipeline.DenoisingStep;
import dev.showo2.pipeline.FinishedImage;
import dev.showo2.pipeline.ForwardingGenerationListener;
import dev.showo2.pipeline.GeneratedToken;
import dev.showo2.pipeline.GenerationListener;
import dev.showo2.pipeline.Preview;
import dev.showo2.spi.Backend;
import dev.showo2.spi.Capabilities;
import dev.showo2.stage.Attention;
import dev.showo2.stage.Backbone;
import dev.showo2.stage.BackboneRequest;
import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.FlowHead;
import dev.showo2.stage.FlowHeadRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.awt.image.BufferedImage;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every method of an interface, default ones included, reaches the delegate of its base. */
class ForwardingBasesTest {

  private static final HostTensor VALUES = HostTensor.zeros(Shape.of(1));

  /** Arguments and results that cannot be proxies. */
  private static final Map<Class<?>, Object> SAMPLES =
      Map.ofEntries(
          Map.entry(int.class, 7),
          Map.entry(boolean.class, true),
          Map.entry(HostTensor.class, VALUES),
          Map.entry(Shape.class, Shape.of(1)),
          Map.entry(FloatBuffer.class, FloatBuffer.allocate(1)),
          Map.entry(Duration.class, Duration.ofSeconds(3)),
          Map.entry(Capabilities.class, Capabilities.of(Set.of())),
          Map.entry(CacheRequest.class, CacheRequest.of(2)),
          Map.entry(
              BackboneRequest.class,
              BackboneRequest.of(
                  proxy(KvCache.class), List.of(proxy(Tensor.class)), Attention.FULL)),
          Map.entry(
              FlowHeadRequest.class,
              FlowHeadRequest.text(proxy(KvCache.class), proxy(Tensor.class))),
          Map.entry(DenoisingStep.class, new DenoisingStep(0, 1, 2, 0, Duration.ZERO, VALUES)),
          Map.entry(Preview.class, new Preview(0, 1, List.of(image()))),
          Map.entry(GeneratedToken.class, new GeneratedToken(0, 1, "a")),
          Map.entry(FinishedImage.class, new FinishedImage(0, image(), VALUES)));

  /** One call that reached a delegate. */
  private record Received(Method method, Object[] arguments, Object result) {}

  static Stream<Arguments> methods() {
    return Stream.of(
            Arguments.of(Backend.class, ForwardingBackend.class),
            Arguments.of(Backbone.class, ForwardingBackbone.class),
            Arguments.of(FlowHead.class, ForwardingFlowHead.class),
            Arguments.of(KvCache.class, ForwardingKvCache.class),
            Arguments.of(GenerationListener.class, ForwardingGenerationListener.class))
        .flatMap(
            pair -> {
              Class<?> type = (Class<?>) pair.get()[0];
              return Arrays.stream(type.getMethods())
                  .filter(method -> !Modifier.isStatic(method.getModifiers()))
                  .map(method -> Arguments.of(type, pair.get()[1], method));
            });
  }

  @ParameterizedTest
  @MethodSource("methods")
  void everyMethodIsOverriddenAndForwarded(Class<?> type, Class<?> base, Method method)
      throws ReflectiveOperationException {
    assertEquals(
        base,
        base.getMethod(method.getName(), method.getParameterTypes()).getDeclaringClass(),
        "a base must not leave a default method to its interface");
    List<Received> received = new ArrayList<>();
    Object forwarding = forwarding(base, recording(type, received));
    Object[] arguments =
        Arrays.stream(method.getParameterTypes()).map(ForwardingBasesTest::sample).toArray();

    Object result = method.invoke(forwarding, arguments);

    assertEquals(1, received.size());
    assertEquals(method.getName(), received.get(0).method().getName());
    assertArrayEquals(method.getParameterTypes(), received.get(0).method().getParameterTypes());
    for (int i = 0; i < arguments.length; i++) {
      assertArrives(method.getParameterTypes()[i], arguments[i], received.get(0).arguments()[i]);
    }
    assertArrives(method.getReturnType(), received.get(0).result(), result);
  }

  /** The same object; numbers are boxed anew on their way. */
  private static void assertArrives(Class<?> type, Object sent, Object found) {
    if (type.isPrimitive()) {
      assertEquals(sent, found);
    } else {
      assertSame(sent, found);
    }
  }

  private static Object forwarding(Class<?> base, Object delegate) {
    if (base == ForwardingBackend.class) {
      return new ForwardingBackend((Backend) delegate) {};
    }
    if (base == ForwardingBackbone.class) {
      return new ForwardingBackbone((Backbone) delegate) {};
    }
    if (base == ForwardingFlowHead.class) {
      return new ForwardingFlowHead((FlowHead) delegate) {};
    }
    return base == ForwardingKvCache.class
        ? new ForwardingKvCache((KvCache) delegate) {}
        : new ForwardingGenerationListener((GenerationListener) delegate) {};
  }

  private static Object recording(Class<?> type, List<Received> received) {
    return Proxy.newProxyInstance(
        type.getClassLoader(),
        new Class<?>[] {type},
        (proxy, method, arguments) -> {
          Object result =
              method.getReturnType() == void.class ? null : sample(method.getReturnType());
          received.add(new Received(method, arguments, result));
          return result;
        });
  }

  private static Object sample(Class<?> type) {
    Object sample = SAMPLES.get(type);
    if (sample == null && type.isEnum()) {
      sample = type.getEnumConstants()[0];
    } else if (sample == null && type == List.class) {
      sample = new ArrayList<>();
    } else if (sample == null && type.isInterface()) {
      sample = proxy(type);
    }
    assertNotNull(sample, () -> "this test needs a sample of " + type);
    return sample;
  }

  private static <T> T proxy(Class<T> type) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "equals" -> proxy == arguments[0];
                  case "hashCode" -> System.identityHashCode(proxy);
                  default -> type.getSimpleName();
                }));
  }

  private static BufferedImage image() {
    return new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB);
  }

  @Test
  void singleCallsPassThroughWhatADecoratorOverrides() {
    Tensor changed = proxy(Tensor.class);
    BackboneRequest request = (BackboneRequest) SAMPLES.get(BackboneRequest.class);
    Backbone backbone =
        new ForwardingBackbone(proxy(Backbone.class)) {
          @Override
          public Tensor evaluate(BackboneRequest asked) {
            return changed;
          }

          @Override
          public List<Tensor> evaluateAll(List<BackboneRequest> requests) {
            return evaluateEach(requests);
          }
        };
    assertEquals(List.of(changed, changed), backbone.evaluateAll(List.of(request, request)));
    FlowHeadRequest span = (FlowHeadRequest) SAMPLES.get(FlowHeadRequest.class);
    FlowHead head =
        new ForwardingFlowHead(proxy(FlowHead.class)) {
          @Override
          public Tensor velocity(FlowHeadRequest asked) {
            return changed;
          }

          @Override
          public List<Tensor> velocityAll(List<FlowHeadRequest> requests) {
            return velocityEach(requests);
          }
        };
    assertEquals(List.of(changed), head.velocityAll(List.of(span)));
  }

  @Test
  void aCacheIsUnwrappedByOneLevel() {
    KvCache real = proxy(KvCache.class);
    KvCache inner = new ForwardingKvCache(real) {};
    assertSame(real, ForwardingKvCache.delegateOf(real));
    assertSame(real, ForwardingKvCache.delegateOf(inner));
    assertSame(inner, ForwardingKvCache.delegateOf(new ForwardingKvCache(inner) {}));
  }
}
